"""AWS: every line that a function writes is in its log, however busy the machine is.

ministack: reads the log of an invocation for 50 ms after the response. If no line has arrived by
then, it assumes that the function logs nothing. A line that arrives later goes to the log of the
next invocation, or is lost.

Needed by the tests of the whole system: each invocation writes exactly one line. A function that
logs nothing takes longer with this correction. The system has no such function.
"""

from ministack.core import lambda_runtime

from ._patching import around

MAX_WAIT_SECONDS = 2


def apply():
    @around(lambda_runtime.Worker, "_drain_stderr_bounded")
    def drain(original, worker, first_line_wait=MAX_WAIT_SECONDS, idle_confirm=0.005,
              hard_cap=MAX_WAIT_SECONDS + 0.25):
        return original(worker, first_line_wait, idle_confirm, hard_cap)
