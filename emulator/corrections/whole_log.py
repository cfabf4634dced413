"""AWS: every line that a function writes is in its log, however busy the machine is.

ministack: reads the log of an invocation for 50 ms after the response. If no line has arrived by
then, it assumes that the function logs nothing. A line that arrives later goes to the log of the
next invocation, or is lost. It looks for lines every millisecond, in the time of other invocations.

Needed by the tests of the whole system: each invocation writes exactly one line. A function that
logs nothing takes longer with this correction. The system has no such function.
"""

import queue
import time

from ministack.core import lambda_runtime

from ._patching import Mismatch, around, existing

MAX_WAIT_SECONDS = 2


def apply():
    if "_stderr_queue" not in existing(lambda_runtime.Worker, "_drain_stderr_bounded").__code__.co_names:
        raise Mismatch("a worker does not keep the lines of its function in '_stderr_queue'")

    @around(lambda_runtime.Worker, "_drain_stderr_bounded")
    def drain(_original, worker, first_line_wait=MAX_WAIT_SECONDS, idle_confirm=0.005,
              hard_cap=MAX_WAIT_SECONDS + 0.25):
        deadline = time.monotonic() + hard_cap
        lines, wait = [], first_line_wait
        while (left := deadline - time.monotonic()) > 0:
            try:
                lines.append(worker._stderr_queue.get(timeout=min(wait, left)))
            except queue.Empty:
                break
            wait = idle_confirm
        return "\n".join(lines)
