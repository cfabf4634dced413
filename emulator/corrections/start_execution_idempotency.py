"""AWS: StartExecution of a standard machine with the name and the input of a running execution answers
200 with that execution's ARN and start date. A bad name is refused as `InvalidName`, an input that is
not JSON as `InvalidExecutionInput`.

ministack: answers `ExecutionAlreadyExists` to the first, takes any name, and turns bad JSON into `{}`.

We depend on it in `start-restock` and `receive-completion`, which name executions so that a repeated
message is the same execution, and in every place that builds a name.
"""

import json
import re
import threading

from ministack.core.responses import error_response_json, json_response
from ministack.services import stepfunctions as sf

from ._patching import around, require

NAME = re.compile(r"""[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}""")

# Look and start as one. Reentrant, because a start emits an event that may start another machine.
_starting = threading.RLock()


def apply():
    require(sf, "_executions", "_state_machines", "_resolve_state_machine_arn")

    @around(sf, "_start_execution")
    def start_execution(original, data):
        with _starting:
            return _refusal(data) or _running_twin(data) or original(data)

    @around(sf, "_start_sync_execution")
    def start_sync_execution(original, data):
        return _refusal(data) or original(data)


def _refusal(data):
    name = data.get("name")
    if name is not None and not NAME.fullmatch(name):
        return error_response_json("InvalidName", f"Invalid Name: '{name}'")
    try:
        json.loads(data.get("input", "{}"))
    except ValueError as reason:
        return error_response_json(
            "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{reason}'")


def _running_twin(data):
    arn = sf._resolve_state_machine_arn(data.get("stateMachineArn", ""))
    if arn is None or "name" not in data or sf._state_machines[arn].get("type") == "EXPRESS":
        return None
    twin = sf._executions.get(f"{arn.replace(':stateMachine:', ':execution:')}:{data['name']}")
    if twin and twin["status"] == "RUNNING" and twin["input"] == data.get("input", "{}"):
        return json_response({key: twin[key] for key in ("executionArn", "startDate")})
