"""Knows the execution that a thread works for, and the task tokens that were ever issued.

ministack knows a token only while its task waits, and a token does not know its execution. Several
corrections of callbacks need both."""

import contextlib
import contextvars
import functools
import threading

from ministack.services import stepfunctions as sf

from ._patching import around, require

answering = threading.Lock()  # held from the check of a token to the response, so the first response wins
waiting_token = contextvars.ContextVar("waiting_token", default=None)
_execution = contextvars.ContextVar("execution", default=None)
_issued = {}


@functools.cache  # several corrections call this, but the functions must be wrapped once
def track():
    require(sf, "_task_tokens")

    @around(sf, "_execute_task")
    def execute_task(original, state, given, execution, context):
        # An execution that a task starts inherits the context of the task. The token is not its own.
        with _bound(_execution, execution), _bound(waiting_token, None):
            return original(state, given, execution, context)

    @around(sf, "_invoke_with_callback")
    def invoke_with_callback(original, resource, given, token, state):
        _issued[token] = _execution.get()
        with _bound(waiting_token, token):
            return original(resource, given, token, state)


@contextlib.contextmanager
def _bound(variable, value):
    previous = variable.set(value)
    try:
        yield
    finally:
        variable.reset(previous)


def execution():
    return _execution.get()


def execution_of(token):
    return _issued.get(token)


def was_issued(token):
    return token in _issued


def is_open(token):
    task = sf._task_tokens.get(token)
    if task is None or task["event"].is_set():
        return False
    execution = _issued.get(token)  # None for the token of an activity
    return execution is None or execution["status"] == "RUNNING"


def fail(token, error, cause):
    """Ends the wait of a callback task with an error, unless the task has its response."""
    with answering:
        task = sf._task_tokens.get(token)
        if task is not None and not task["event"].is_set():
            task["error"] = {"Error": error, "Cause": cause}
            task["event"].set()


def tokens_of(execution):
    return [token for token in list(sf._task_tokens) if _issued.get(token) is execution]
