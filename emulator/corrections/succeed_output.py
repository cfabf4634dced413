"""AWS: `Output` of a JSONata Succeed state is the output of the execution.

ministack: ignores it and passes the state's input on.

We depend on it wherever a machine ends in Succeed: `purchase` says sold or sold_out by it.
"""

from ministack.services import stepfunctions as sf

from ._patching import around


def apply():
    @around(sf, "_apply_output_path")  # the last thing done with what a Succeed state puts out
    def apply_output_path(original, state, value, context=None):
        if state.get("Type") == "Succeed" and sf._state_query_language(state, context) == "JSONata":
            return sf._apply_jsonata_output(state, value, context, default=value)
        return original(state, value, context)
