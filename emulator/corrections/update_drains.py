"""AWS: an update of a function's code or configuration lets running invocations end. Later ones use the new version.

ministack: ends the processes of all environments at once, so running invocations fail with `Runtime.ExitError`.

Needed by the upgrade under load: its customers buy while functions are updated.
"""

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from ._patching import around, require


def apply():
    require(lambda_runtime, "_lock", "_workers", "kill_workers")

    @around(lambda_svc, "invalidate_worker")
    def invalidate_worker(original, func_name, qualifier=None, account=None, region=None):
        if qualifier == "$LATEST":  # an update, not a deletion
            _retire_busy_workers(func_name)
        original(func_name, qualifier, account, region)

    @around(lambda_svc, "release_worker")
    def release_worker(original, worker):
        original(worker)
        if getattr(worker, "is_retired", False):
            lambda_runtime.kill_workers([worker])


def _retire_busy_workers(function):
    """Takes them out of the pool, so that no invocation gets them and nothing ends them before they are released."""
    with lambda_runtime._lock:
        for key, workers in lambda_runtime._workers.items():
            if key.split(":")[2:] == [function, "$LATEST"]:
                for worker in workers:
                    worker.is_retired = worker.in_use
                workers[:] = [worker for worker in workers if not worker.in_use]
