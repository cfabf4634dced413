"""AWS: an execution that was stopped or timed out does nothing more, and its status is final.

ministack: the thread of the execution continues. A callback task keeps waiting, a retry invokes the
function again, events follow the last event, and an error changes ABORTED to FAILED.

Needed when a restock is stopped or times out. It must not place another order, and the status event
that operations receive must stay true.
"""

from ministack.services import stepfunctions as sf

from . import _tasks
from ._patching import around

LAST = {"ExecutionAborted", "ExecutionTimedOut", "ExecutionFailed", "ExecutionSucceeded"}


def apply():
    _tasks.track()

    @around(sf, "_add_event")  # called before each state and before each attempt of a task
    def add_event(original, execution, kind, details=None):
        if execution["status"] != "RUNNING" and kind not in LAST:
            # Ends the thread. No Retry or Catch handles SystemExit, and Python ends a thread, or a branch of a
            # Parallel state, without a message. For a subclass of SystemExit, Python prints a message.
            raise SystemExit
        return original(execution, kind, details)

    @around(sf, "_fail_execution")
    def fail_execution(original, execution, error, cause):
        if execution["status"] == "RUNNING":
            original(execution, error, cause)

    @around(sf, "_emit_execution_status_event")  # called at every change of the status
    def emit_execution_status_event(original, execution):
        original(execution)
        if execution["status"] != "RUNNING":
            _release(execution)

    @around(sf, "_run_execution")
    def run_execution(original, arn):
        try:
            original(arn)
        except SystemExit:  # a thread with a caller must return to it
            pass


def _release(execution):
    """Wakes the tasks that wait for a callback. They end when they add their next event."""
    for token in _tasks.tokens_of(execution):
        _tasks.fail(token, "States.Runtime", "The execution has ended.")
