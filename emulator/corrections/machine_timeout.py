"""AWS: an execution that runs longer than `TimeoutSeconds` of its state machine ends as TIMED_OUT
and sends an EventBridge event. StartSyncExecution returns at that moment.

ministack: ignores `TimeoutSeconds` of a state machine.

Needed by `purchase`, which must respond within 6 s, and by `sweep`, which relies on the longest
time that an execution of `restock` can run.
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
        # Runs in a separate thread, because a state that hangs cannot be interrupted, only abandoned.
        runner = threading.Thread(
            target=contextvars.copy_context().run, args=(original, arn), daemon=True)
        runner.start()
        runner.join(limit)
        _time_out(sf._executions[arn])


def _limit(execution):
    try:
        return json.loads(sf._state_machines[execution["stateMachineArn"]]["definition"]).get("TimeoutSeconds")
    except (KeyError, ValueError):  # deleted, or not JSON: ministack reports these itself
        return None


def _time_out(execution):
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", error="States.Timeout", stopDate=sf.now_iso())
    sf._add_event(
        execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    sf._emit_execution_status_event(execution)
