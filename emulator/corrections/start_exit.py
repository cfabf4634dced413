"""AWS: a function whose process ends during its start fails with `Runtime.ExitError`, like one
whose process ends during an invocation.

ministack: fails with `Runtime.Unknown`, which does not exist on AWS.

Needed by the Retry of every task, which retries `Runtime.ExitError`.
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
