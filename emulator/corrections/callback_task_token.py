"""AWS: every attempt of a `.waitForTaskToken` task has a task token of its own.

ministack: a retried task keeps its token, so an answer to the first attempt ends the second.

We depend on it in AwaitCompletion of `restock`: what a late callback finds stored must be closed, or
it would complete a wait that is not its own. (JSONata states only: we have no others.)
"""

from ministack.core.responses import new_uuid
from ministack.services import stepfunctions as sf

from ._patching import around


def apply():
    @around(sf, "_apply_jsonata_arguments")
    def apply_jsonata_arguments(original, state, given, context=None):
        if ".waitForTaskToken" in state.get("Resource", ""):
            context["Task"] = {"Token": new_uuid()}
        return original(state, given, context)
