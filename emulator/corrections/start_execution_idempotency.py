"""AWS: StartExecution of a standard machine with the name and the input of a running execution
returns 200 with the ARN and the start date of that execution. Refuses a malformed name as
`InvalidName`, and an input that is not JSON as `InvalidExecutionInput`.

ministack: refuses the repeated call with `ExecutionAlreadyExists`. Accepts any name, and replaces
malformed JSON by `{}`.

Needed by `start-restock` and `receive-completion`, which name executions so that a repeated message
starts no second execution, and wherever a name is built.
"""

import json
import re
import threading

from ministack.core.responses import error_response_json, json_response
from ministack.services import stepfunctions as sf

from ._patching import around, require

NAME = re.compile(r"""[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}""")

# Held from the check to the start. Reentrant, because a start emits an event that may start another machine.
_starting = threading.RLock()


def apply():
    require(sf, "_executions", "_state_machines", "_resolve_state_machine_arn")

    @around(sf, "_start_execution")
    def start_execution(original, data):
        with _starting:
            return _refusal(data) or _response_of_running(data) or original(data)

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


def _response_of_running(data):
    arn = sf._resolve_state_machine_arn(data.get("stateMachineArn", ""))
    if arn is None or "name" not in data or sf._state_machines[arn].get("type") == "EXPRESS":
        return None
    running = sf._executions.get(f"{arn.replace(':stateMachine:', ':execution:')}:{data['name']}")
    if running and running["status"] == "RUNNING" and running["input"] == data.get("input", "{}"):
        return json_response({key: running[key] for key in ("executionArn", "startDate")})
