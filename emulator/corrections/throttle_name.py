"""AWS: if a function is throttled, the state machine receives `Lambda.TooManyRequestsException`.

ministack: the state machine receives `Lambda.Unknown`, which has another meaning on AWS.

Needed by the Retry of every task, which retries `Lambda.TooManyRequestsException`.
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
    except (ValueError, AttributeError):  # not JSON, or not an object
        return False
