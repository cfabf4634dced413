"""AWS: an execution that was stopped or timed out does nothing more, and its status is final.

ministack: its thread goes on. A callback task waits on, a retry invokes the function again, events
follow the last one, and an error turns ABORTED into FAILED.

We depend on it when a restock is stopped or times out: nothing more may be ordered in its name, and the
status event that operations see must stay true.
"""

from ministack.services import stepfunctions as sf

from . import _tasks
from ._patching import around

LAST = {"ExecutionAborted", "ExecutionTimedOut", "ExecutionFailed", "ExecutionSucceeded"}


def apply():
    _tasks.track()

    @around(sf, "_add_event")  # passed before each state and before each attempt of a task
    def add_event(original, execution, kind, details=None):
        if execution["status"] != "RUNNING" and kind not in LAST:
            # Leaves the thread: no Retry or Catch takes it for an error, and Python lets a thread
            # (or one of a Parallel's branches) end by it in silence. Not so by a subclass.
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
        except SystemExit:  # where the thread is not ours to leave: it has a caller to answer
            pass


def _release(execution):
    """Wakes the tasks that wait for a callback; the next event that they add ends them."""
    for token in _tasks.tokens_of(execution):
        _tasks.fail(token, "States.Runtime", "The execution has ended.")
