"""How a correction replaces a function of ministack in memory."""

import functools
import inspect


class Mismatch(Exception):
    """Something that a correction builds on is not in this ministack."""


def existing(owner, name):
    try:
        return getattr(owner, name)
    except AttributeError:
        raise Mismatch(f"{owner.__name__} has no '{name}'") from None


def require(owner, *names):
    for name in names:
        existing(owner, name)


def around(owner, name):
    """Decorates a function that takes the place of `owner.name` and gets the original first."""
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
    """A changed signature would otherwise only show in the middle of some execution."""
    wanted = len(inspect.signature(wrapper).parameters) - 1
    found = len(inspect.signature(original).parameters)
    if wanted != found:
        raise Mismatch(f"'{name}' takes {found} arguments, not {wanted}")
