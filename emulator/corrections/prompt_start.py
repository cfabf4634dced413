"""AWS: an execution starts at once.

ministack: each execution first sleeps for 150 ms, even an express execution whose caller waits.

Needed for the duration of a purchase, which is one express execution.
"""

import inspect

from ministack.services import stepfunctions as sf

from ._patching import Mismatch, existing

DELAY = 0.15


def apply():
    run = inspect.unwrap(existing(sf, "_run_execution"))
    if DELAY not in run.__code__.co_consts:
        raise Mismatch(f"'_run_execution' does not sleep {DELAY} s")
    # The sleep is in the middle of a long function, so only its duration is replaced. It is replaced in place
    # because other corrections may have wrapped the function already.
    constants = tuple(0 if constant == DELAY else constant for constant in run.__code__.co_consts)
    run.__code__ = run.__code__.replace(co_consts=constants)
