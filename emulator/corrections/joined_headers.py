"""AWS: an HTTP API joins the values of a repeated header with a comma, without a space (payload format 2.0).

ministack: joins them with a comma and a space.

Needed by the parser of the header `Idempotency-Key`: with the space, a key that is sent twice is invalid for another
reason than on AWS.
"""

import functools

from ministack import app

from ._patching import existing


def apply():
    original = existing(app, "app")

    # The server recognizes an application of its kind by `async`, so `_patching.around` does not fit.
    @functools.wraps(original)
    async def joined(scope, receive, send):
        if scope["type"] == "http":
            scope = {**scope, "headers": _joined(scope["headers"])}
        await original(scope, receive, send)

    app.app = joined


def _joined(headers):
    values = {}
    for name, value in headers:
        values.setdefault(bytes(name).lower(), []).append(bytes(value))
    return [(name, (b"; " if name == b"cookie" else b",").join(found)) for name, found in values.items()]
