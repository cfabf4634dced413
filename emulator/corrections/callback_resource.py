"""AWS: who answers a task token needs the permission for the state machine whose task waits.

ministack: with AUTH=true, the resource of `states:SendTaskSuccess` is `*`, so that only a role that may answer
any state machine may answer at all.

We depend on it in the role of `complete-task`, which may answer one.
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
    except (ValueError, AttributeError):  # not JSON, or no object
        return None
    return execution and execution["stateMachineArn"]
