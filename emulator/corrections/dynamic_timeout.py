"""AWS: `TimeoutSeconds` of a JSONata Task may be an expression.

ministack: compares the text of the expression with a number, and the task fails.

We depend on it in AwaitCompletion of `restock`: how long it waits for the factory is configured. (An
expression that cannot be evaluated fails the execution here; on AWS, Catch sees it.)
"""

from ministack.services import stepfunctions as sf

from ._patching import around, require

FIELD = "TimeoutSeconds"


def apply():
    require(sf, "_apply_jsonata_template")

    @around(sf, "_execute_task")
    def execute_task(original, state, given, execution, context):
        if isinstance(state.get(FIELD), str):
            state = {**state, FIELD: sf._apply_jsonata_template(state[FIELD], given, context)}
        return original(state, given, execution, context)
