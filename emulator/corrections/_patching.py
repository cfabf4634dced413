"""How a correction replaces a function of ministack in memory."""

import functools
import inspect


class Mismatch(Exception):
    """This version of ministack lacks something that a correction needs."""


def existing(owner, name):
    try:
        return getattr(owner, name)
    except AttributeError:
        raise Mismatch(f"{owner.__name__} has no '{name}'") from None


def require(owner, *names):
    for name in names:
        existing(owner, name)


def around(owner, name):
    """Decorates a function that replaces `owner.name`. Its first argument is the original function."""
    original = existing(owner, name)

    def install(wrapper):
        _same_arguments(original, wrapper, name)

        @functools.wraps(original)
        def replacement(*args, **kwargs):
            return wrapper(original, *args, **kwargs)

        setattr(owner, name, replacement)
        return replacement

    return install


def _same_arguments(original, wrapper, name):
    """Checked at the start. Otherwise a changed signature would fail in the middle of an execution."""
    wanted = len(inspect.signature(wrapper).parameters) - 1
    found = len(inspect.signature(original).parameters)
    if wanted != found:
        raise Mismatch(f"'{name}' has {found} parameters, and the correction expects {wanted}")
