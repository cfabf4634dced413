"""What a role may do, where ministack does not ask: it looks only at requests that are signed."""

import functools

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import iam

from ._patching import require


@functools.cache
def known():
    require(app, "AUTH")
    require(iam, "_roles")
    require(iam_evaluator, "EvalContext", "_gather_role_policies", "evaluate")


def refusal(role_arn, session, action, resource):
    """Why the role may not do that, in AWS' words; nothing where it may, or where roles are not enforced."""
    if not app.AUTH:
        return None
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    who = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    asked = iam_evaluator.EvalContext(
        principal_arn=who, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region=resource.split(":")[3])
    policies = iam_evaluator._gather_role_policies(name, account)
    if iam_evaluator.evaluate(asked, policies).decision == "Allow":
        return None
    return (f"User: {who} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action")
