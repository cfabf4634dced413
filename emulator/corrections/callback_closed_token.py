"""AWS: refuses SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat as `TaskTimedOut` if the task
of the token has completed, failed or timed out, or if its execution has ended. Refuses a token that
never existed as `InvalidToken`, and an output that is not JSON as `InvalidOutput`.

ministack: refuses with `TaskDoesNotExist` after the task is gone. Accepts the call until the thread
of the task has noticed the end, and after the execution was stopped. Accepts any output.

Needed by CompleteTask of `completion`. If the token is closed, `completion` credits the goods
itself. A call that is accepted but has no effect would lose the goods.
"""

import json

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions as sf

from . import _tasks
from ._patching import around


def apply():
    _tasks.track()
    for name in ("_send_task_success", "_send_task_failure", "_send_task_heartbeat"):
        around(sf, name)(_respond)


def _respond(original, data):
    if original.__name__ == "_send_task_success" and not _is_json(data.get("output")):
        return error_response_json("InvalidOutput", "Invalid Output: 'Output is not valid JSON'")
    with _tasks.answering:
        return _refusal(data.get("taskToken")) or original(data)


def _refusal(token):
    if _tasks.is_open(token):
        return None
    if _tasks.was_issued(token):
        return error_response_json(
            "TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
    return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'")


def _is_json(text):
    try:
        json.loads(text)
    except (TypeError, ValueError):
        return False
    return True
