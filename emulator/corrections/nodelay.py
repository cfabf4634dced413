"""AWS: a Lambda function gets its event without delay.

ministack: the Runtime API sends the head and the body of an event as two packets and leaves Nagle's
algorithm on, so the body waits for the function's delayed acknowledgement: 40 ms each invocation.

We depend on it in the time of a purchase: four functions in a row, and every timeout and
measurement above them.
"""

from ministack.core import lambda_runtime

from ._patching import around, existing


def apply():
    @around(existing(lambda_runtime, "ProvidedWorker"), "_build_handler_class")
    def build_handler_class(original, worker, generation, pending):
        handler = original(worker, generation, pending)
        handler.disable_nagle_algorithm = True
        return handler
