"""AWS: `TimeoutSeconds` of a JSONata Task can be an expression.

ministack: compares the text of the expression with a number, and the task fails.

Needed by AwaitCompletion of `restock`, whose timeout is a setting. (An expression that cannot be
evaluated fails the execution here. On AWS, Catch handles the error.)
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
