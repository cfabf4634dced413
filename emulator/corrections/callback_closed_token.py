"""AWS: an answer (SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat) to a token whose task is
answered, timed out or failed, or whose execution is over, is refused as `TaskTimedOut`; to a token
that never was, as `InvalidToken`; an output that is not JSON, as `InvalidOutput`.

ministack: `TaskDoesNotExist` where the task is gone; until its thread has noticed the end, and after
the execution was stopped, OK. Any output is taken.

We depend on it in CompleteTask of `completion`: a callback is credited by whoever learns that the wait
was closed, so an OK that nobody hears would lose goods.
"""

import json

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions as sf

from . import _tasks
from ._patching import around


def apply():
    _tasks.track()
    for name in ("_send_task_success", "_send_task_failure", "_send_task_heartbeat"):
        around(sf, name)(_answer)


def _answer(original, data):
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
