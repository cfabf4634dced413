"""AWS: keeps no record of an express execution. StartSyncExecution returns `output` only if the
execution succeeded.

ministack: keeps every express execution with its whole history, and returns the error as `output`.

Needed by `purchase`. A load test makes hundreds of thousands of executions, and sales-api must not
find an output in a failed execution.
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
        response = json.loads(body)
        if status != 200 or not _is_express(response["stateMachineArn"]):  # a nested standard execution
            return status, headers, body
        sf._executions.pop(response["executionArn"], None)
        return json_response(_without_output(response))


def _is_express(arn):
    return sf._state_machines.get(arn, {}).get("type") == "EXPRESS"


def _without_output(response):
    if response["status"] == "SUCCEEDED":
        return response
    return {key: response[key] for key in response if key not in ("output", "outputDetails")}
