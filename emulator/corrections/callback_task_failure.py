"""AWS: if the function that a `lambda:invoke.waitForTaskToken` task invokes fails, the task fails
with the error of the function, and Retry and Catch apply.

ministack: ignores the error. The task waits for a callback that never comes.

Needed by AwaitCompletion of `restock`. It ends with `Completion.AlreadyArrived` if the goods
arrived before the wait, and it is retried if the database is unavailable for a moment.
"""

from ministack.services import stepfunctions as sf

from . import _tasks
from ._patching import around


def apply():
    _tasks.track()

    @around(sf, "_call_lambda")
    def call_lambda(original, function, event):
        try:
            return original(function, event)
        except sf._ExecutionError as failure:
            # The caller ignores an exception, but it reads the response to the token.
            _tasks.fail(_tasks.waiting_token.get(), failure.error, failure.cause)
            raise
