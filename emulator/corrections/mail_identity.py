"""AWS: sending a mail uses the identity of the sender, and the role needs the permission for this
identity. The conditions `ses:FromAddress` and `ses:Recipients` can limit a role to one sender and
some recipients.

ministack: with AUTH=true, the resource of `ses:SendEmail` is `*`, so only a role that can send as
any identity can send. ministack knows neither condition.

Needed by the role of `send-mail`, which can send from one address to one address.
"""

from contextvars import ContextVar

from ministack.core import iam_actions, iam_evaluator

from ._patching import around, require

_mail = ContextVar("mail", default={})


def apply():
    require(iam_actions, "_query_param")

    @around(iam_actions, "extract_resource_arn")
    def extract_resource_arn(
            original, service, method, path, headers, body, query_params, region, account_id):
        sender = iam_actions._query_param(query_params, "Source") if service == "ses" else ""
        if sender:
            _mail.set({"ses:fromaddress": sender, "ses:recipients": _recipients(query_params)})
            return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"
        return original(service, method, path, headers, body, query_params, region, account_id)

    @around(iam_evaluator, "_resolve_condition_key")
    def resolve_condition_key(original, key, request):
        if request.action == "ses:SendEmail" and key.lower() in _mail.get():
            return _mail.get()[key.lower()]
        return original(key, request)


def _recipients(query_params):
    names = [name for name in query_params if name.startswith("Destination.")]
    return [iam_actions._query_param(query_params, name) for name in sorted(names)]
