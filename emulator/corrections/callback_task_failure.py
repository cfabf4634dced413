"""AWS: when the function that a `lambda:invoke.waitForTaskToken` task invokes fails, the task fails
with the function's error, and Retry and Catch apply.

ministack: the error is swallowed and the task waits for a callback that never comes.

We depend on it in AwaitCompletion of `restock`: it ends by `Completion.AlreadyArrived` when the goods
are there before the wait, and a database that is away for a moment is retried.
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
            # The caller drops what is raised here, but it does look at an answer to the token.
            _tasks.fail(_tasks.waiting_token.get(), failure.error, failure.cause)
            raise
