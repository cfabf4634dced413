"""AWS: `Output` of a JSONata Succeed state is the output of the execution.

ministack: ignores `Output` and passes the input of the state on.

Needed wherever a state machine ends with Succeed. The output of `purchase` says whether the
purchase was sold.
"""

from ministack.services import stepfunctions as sf

from ._patching import around


def apply():
    @around(sf, "_apply_output_path")  # the last function that processes the output of a Succeed state
    def apply_output_path(original, state, value, context=None):
        if state.get("Type") == "Succeed" and sf._state_query_language(state, context) == "JSONata":
            return sf._apply_jsonata_output(state, value, context, default=value)
        return original(state, value, context)
