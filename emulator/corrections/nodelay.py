"""AWS: a Lambda function receives its event without delay.

ministack: the Runtime API sends the head and the body of an event as two packets with Nagle's
algorithm enabled. So the body waits for the delayed acknowledgement of the function: 40 ms for each
invocation.

Needed for the duration of a purchase, which invokes four functions in a row, and for all timeouts
and measurements that include it.
"""

from ministack.core import lambda_runtime

from ._patching import around, existing


def apply():
    @around(existing(lambda_runtime, "ProvidedWorker"), "_build_handler_class")
    def build_handler_class(original, worker, generation, pending):
        handler = original(worker, generation, pending)
        handler.disable_nagle_algorithm = True
        return handler
