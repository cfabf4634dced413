"""AWS: an express execution leaves no record to describe, and StartSyncExecution answers no `output`
unless the run succeeded.

ministack: keeps every express execution with its whole history for ever, and answers the error as
`output`.

We depend on it in `purchase`: a load test makes hundreds of thousands of them, and sales-api must not
find an output where there is none.
"""

import json

from ministack.core.responses import json_response
from ministack.services import stepfunctions as sf

from ._patching import around, require


def apply():
    require(sf, "_executions", "_state_machines")

    @around(sf, "_start_sync_execution")
    def start_sync_execution(original, data):
        status, headers, body = original(data)
        answer = json.loads(body)
        if status != 200 or not _is_express(answer["stateMachineArn"]):  # a nested standard one
            return status, headers, body
        sf._executions.pop(answer["executionArn"], None)
        return json_response(_without_output(answer))


def _is_express(arn):
    return sf._state_machines.get(arn, {}).get("type") == "EXPRESS"


def _without_output(answer):
    if answer["status"] == "SUCCEEDED":
        return answer
    return {key: answer[key] for key in answer if key not in ("output", "outputDetails")}
