"""The corrections of ministack: one module for each difference from AWS that the system depends on."""

from importlib import import_module

from ._patching import Mismatch

__all__ = ["Mismatch", "ORDER", "apply"]

# If two corrections wrap the same function, the later one is the outer one. The order matters for
# callback_task_failure: it passes the error that throttle_name or machine_role raises to the waiting task.
ORDER = (
    "nodelay",
    "prompt_start",
    "throttle_name",
    "machine_role",
    "consumer_role",
    "queue_batches",
    "set_aside_source",
    "mail_identity",
    "queue_integration",
    "joined_headers",
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
    "update_drains",
)


def apply(names):
    for name in names:
        _apply_one(name)


def _apply_one(name):
    try:
        import_module(f"{__name__}.{name}").apply()
    except (Mismatch, ImportError) as reason:
        raise Mismatch(f"The correction '{name}' does not fit this version of ministack: {reason}.") from None
