"""AWS: to send a mail is to use the sender's identity, which the role must allow.

ministack: with AUTH=true, the resource of `ses:SendEmail` is `*`, so that only a role that may send as
anybody may send at all.

We depend on it in the role of `report`, which may send as one.
"""

from ministack.core import iam_actions

from ._patching import around, require


def apply():
    require(iam_actions, "_query_param")

    @around(iam_actions, "extract_resource_arn")
    def extract_resource_arn(
            original, service, method, path, headers, body, query_params, region, account_id):
        sender = iam_actions._query_param(query_params, "Source") if service == "ses" else ""
        if sender:
            return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"
        return original(service, method, path, headers, body, query_params, region, account_id)
