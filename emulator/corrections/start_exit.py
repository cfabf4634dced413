"""AWS: a function whose process ends while it starts fails with `Runtime.ExitError`, as one whose process
ends in an invocation does.

ministack: the error is `Runtime.Unknown`, which AWS does not know.

We depend on it in the Retry of every task: a process that died is retried, by this name.
"""

from ministack.core import lambda_runtime

from ._patching import around, existing

NAME = "Runtime.ExitError"


def apply():
    named = existing(lambda_runtime, "ProvidedRuntimeError")

    @around(lambda_runtime.ProvidedWorker, "_await_init")
    def await_init(original, worker, init_timeout=None):
        try:
            return original(worker, init_timeout)
        except RuntimeError as failure:
            if worker._proc is None or worker._proc.poll() is None:
                raise
            raise named(str(failure), NAME) from failure
