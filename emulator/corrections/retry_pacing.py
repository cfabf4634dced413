"""AWS: a Retry waits IntervalSeconds × BackoffRate^n, at most MaxDelaySeconds. With JitterStrategy
FULL it waits a random part of that.

ministack: ignores MaxDelaySeconds and JitterStrategy. (It also limits every wait to 60 s, which AWS
does not. This is not corrected, because no retry of the system waits that long.)

Needed by PlaceOrder of `restock`, which retries with jitter and bounded delays while the factory is
unavailable.
"""

import random

from ministack.services import stepfunctions as sf

from ._patching import around


def apply():
    @around(sf, "_find_matching_retrier")
    def find_matching_retrier(original, retriers, error, counts):
        retrier, index = original(retriers, error, counts)
        if retrier is None:
            return retrier, index
        # The caller multiplies the two values, so the interval is the whole delay.
        return {**retrier, "IntervalSeconds": _delay(retrier, counts.get(index, 0)), "BackoffRate": 1}, index


def _delay(retrier, retries):
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** retries
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay
