"""AWS: an execution that runs longer than the state machine's `TimeoutSeconds` ends as TIMED_OUT, with an
EventBridge event, and StartSyncExecution answers at that moment.

ministack: ignores the field.

We depend on it in `purchase` (an answer in 6 s, whatever hangs below) and in the promise of `sweep` that no
restock is open longer than an execution can live.
"""

import contextvars
import json
import threading

from ministack.services import stepfunctions as sf

from ._patching import around, require


def apply():
    require(sf, "_executions", "_state_machines", "_add_event", "_emit_execution_status_event", "now_iso")

    @around(sf, "_run_execution")
    def run_execution(original, arn):
        limit = _limit(sf._executions[arn])
        if limit is None:
            return original(arn)
        # In a thread of its own, because a state that hangs cannot be interrupted, only left behind.
        runner = threading.Thread(
            target=contextvars.copy_context().run, args=(original, arn), daemon=True)
        runner.start()
        runner.join(limit)
        _time_out(sf._executions[arn])


def _limit(execution):
    try:
        return json.loads(sf._state_machines[execution["stateMachineArn"]]["definition"]).get("TimeoutSeconds")
    except (KeyError, ValueError):  # deleted, or no JSON: ministack reports these itself
        return None


def _time_out(execution):
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", error="States.Timeout", stopDate=sf.now_iso())
    sf._add_event(
        execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    sf._emit_execution_status_event(execution)
