"""AWS: every attempt of a `.waitForTaskToken` task has its own task token.

ministack: a retried task keeps its token, so a response to the first attempt ends the second one.

Needed by AwaitCompletion of `restock`. The token that a late callback finds in the database must be
closed. Otherwise it would complete a later wait. (This corrects JSONata states only; the system has
no others.)
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
