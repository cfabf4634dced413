"""AWS: Lambda receives messages from a queue with the role of the function, and refuses to create
an event source mapping if the role lacks a permission for that.

ministack: creates the mapping for any role, even with AUTH=true.

Needed to know that the role of `start-restock` has the permissions it needs.
"""

from ministack.services import lambda_svc

from . import _roles
from ._patching import around, require

ACTIONS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


def apply():
    _roles.require_evaluator()
    require(lambda_svc, "_get_func_record_for_ref", "_invalid_parameter_value")

    @around(lambda_svc, "_create_esm")
    def create_mapping(original, data):
        queue = data.get("EventSourceArn", "")
        _, config, name = lambda_svc._get_func_record_for_ref(data.get("FunctionName", ""))
        for action in ACTIONS if config and ":sqs:" in queue else ():
            if _roles.refusal(config["Role"], name, f"sqs:{action}", queue):
                return lambda_svc._invalid_parameter_value(
                    f"The provided execution role does not have permissions to call {action} on SQS")
        return original(data)
