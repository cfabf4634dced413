"""AWS: a Retry waits IntervalSeconds × BackoffRate^n, at most MaxDelaySeconds, and with JitterStrategy
FULL a random part of that.

ministack: ignores MaxDelaySeconds and JitterStrategy. (It also caps every wait at 60 s, which AWS does
not; that is left as it is, no retry of ours waits so long.)

We depend on it in PlaceOrder of `restock`: a factory that is away is asked again with jitter, and not
later and later.
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
        # The caller multiplies the two, so the finished delay goes in as an interval.
        return {**retrier, "IntervalSeconds": _delay(retrier, counts.get(index, 0)), "BackoffRate": 1}, index


def _delay(retrier, retries):
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** retries
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay
