"""AWS: to send a mail is to use the sender's identity, which the role must allow; and a role can be held to one
sender and to some recipients, by `ses:FromAddress` and `ses:Recipients`.

ministack: with AUTH=true, the resource of `ses:SendEmail` is `*`, so that only a role that may send as
anybody may send at all; and neither key is known.

We depend on it in the role of `report`, which may send as one, to one.
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
    def resolve_condition_key(original, key, asked):
        if asked.action == "ses:SendEmail" and key.lower() in _mail.get():
            return _mail.get()[key.lower()]
        return original(key, asked)


def _recipients(query_params):
    names = [name for name in query_params if name.startswith("Destination.")]
    return [iam_actions._query_param(query_params, name) for name in sorted(names)]
