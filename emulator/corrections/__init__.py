"""Where ministack behaves unlike AWS, one module for each difference that our system depends on."""

from importlib import import_module

from ._patching import Mismatch

__all__ = ["Mismatch", "ORDER", "apply"]

# Of two corrections that wrap the same function, the later one is the outer one. That matters
# for callback_task_failure, which hands the waiting task what throttle_name has named and machine_role refused.
ORDER = (
    "nodelay",
    "prompt_start",
    "throttle_name",
    "machine_role",
    "consumer_role",
    "mail_identity",
    "transport",
    "callback_resource",
    "start_exit",
    "callback_task_failure",
    "callback_task_token",
    "callback_closed_token",
    "retry_pacing",
    "start_execution_idempotency",
    "succeed_output",
    "dynamic_timeout",
    "machine_timeout",
    "ended_execution",
    "express_memory",
    "whole_log",
)


def apply(names):
    for name in names:
        _apply_one(name)


def _apply_one(name):
    try:
        import_module(f"{__name__}.{name}").apply()
    except (Mismatch, ImportError) as reason:
        raise Mismatch(f"The correction '{name}' does not fit this ministack: {reason}.") from None
