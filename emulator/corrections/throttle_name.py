"""AWS: a throttled function reaches the state machine as `Lambda.TooManyRequestsException`.

ministack: the error is `Lambda.Unknown`, which on AWS means something else.

We depend on it in the Retry of every task: being throttled is retried, by this name.
"""

import json

from ministack.services import stepfunctions as sf

from ._patching import around

UNNAMED, NAME = "Lambda.Unknown", "TooManyRequestsException"


def apply():
    @around(sf, "_call_lambda")
    def call_lambda(original, function, event):
        try:
            return original(function, event)
        except sf._ExecutionError as failure:
            if _is_throttle(failure):
                failure.error = f"Lambda.{NAME}"
            raise


def _is_throttle(failure):
    if failure.error != UNNAMED:
        return False
    try:
        return json.loads(failure.cause).get("__type") == NAME
    except (ValueError, AttributeError):  # not JSON, or no object
        return False
