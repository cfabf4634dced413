"""Checks of roles that ministack does not make itself. ministack checks only requests that are signed."""

import functools

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import iam

from ._patching import require


@functools.cache
def require_evaluator():
    require(app, "AUTH")
    require(iam, "_roles")
    require(iam_evaluator, "EvalContext", "_gather_role_policies", "evaluate")


def refusal(role_arn, session, action, resource):
    """The error message of AWS if the role lacks the permission. None if the role has the permission or if
    roles are not enforced."""
    if not app.AUTH:
        return None
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    principal = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    request = iam_evaluator.EvalContext(
        principal_arn=principal, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region=resource.split(":")[3])
    policies = iam_evaluator._gather_role_policies(name, account)
    if iam_evaluator.evaluate(request, policies).decision == "Allow":
        return None
    return (f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action")
