"""AWS: SendTaskSuccess needs the permission for the state machine whose task waits.

ministack: with AUTH=true, the resource of `states:SendTaskSuccess` is `*`. So only a role that has
the permission for every state machine can call it.

Needed by the role of `complete-task`, which has the permission for one state machine.
"""

import json

from ministack.core import iam_actions

from . import _tasks
from ._patching import around


def apply():
    _tasks.track()

    @around(iam_actions, "extract_resource_arn")
    def extract_resource_arn(
            original, service, method, path, headers, body, query_params, region, account_id):
        arn = original(service, method, path, headers, body, query_params, region, account_id)
        return _waiting_machine(body) or arn if service == "states" and arn == "*" else arn


def _waiting_machine(body):
    try:
        execution = _tasks.execution_of(json.loads(body).get("taskToken"))
    except (ValueError, AttributeError):  # not JSON, or not an object
        return None
    return execution and execution["stateMachineArn"]
