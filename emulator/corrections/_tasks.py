"""Which execution a thread works for, and which task tokens were ever handed out.

ministack knows a token only while its task waits, and a token does not know its execution. The
corrections of callbacks need both, so they share this."""

import contextlib
import contextvars
import functools
import threading

from ministack.services import stepfunctions as sf

from ._patching import around, require

answering = threading.Lock()  # the first answer to a token wins, so look and answer as one
waiting_token = contextvars.ContextVar("waiting_token", default=None)
_execution = contextvars.ContextVar("execution", default=None)
_issued = {}


@functools.cache  # several corrections ask for it, one wrapping is enough
def track():
    require(sf, "_task_tokens")

    @around(sf, "_execute_task")
    def execute_task(original, state, given, execution, context):
        # An execution that a task starts inherits its context, but does not answer its token.
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
    execution = _issued.get(token)  # none for the token of an activity
    return execution is None or execution["status"] == "RUNNING"


def fail(token, error, cause):
    """Ends the wait of a callback task, unless it has its answer."""
    with answering:
        task = sf._task_tokens.get(token)
        if task is not None and not task["event"].is_set():
            task["error"] = {"Error": error, "Cause": cause}
            task["event"].set()


def tokens_of(execution):
    return [token for token in list(sf._task_tokens) if _issued.get(token) is execution]
