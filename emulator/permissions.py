"""Records which permissions roles have and which of them they use. A test checks that every permission is used.

A line is `may ROLE ACTION RESOURCE` for a permission or `has ROLE ACTION RESOURCE` for its use. Action and resource
are spelled as in the role's policy.
"""

from ministack.core import iam_evaluator
from ministack.services import iam

from corrections._patching import around, existing
from recorder import Lines


def record(file):
    lines = Lines(file)
    _record_policies(lines)
    _record_decisions(lines)


def _record_policies(lines):
    handlers = existing(iam, "_IAM_HANDLERS")
    put_role_policy = existing(iam, "_put_role_policy")

    def put(request):
        role, policy = iam._p(request, "RoleName"), iam._p(request, "PolicyDocument")
        for action, resource in _pairs(iam_evaluator.parse_policy_document(policy)):
            lines.write_line(f"may {role} {action} {resource}")
        return put_role_policy(request)

    handlers["PutRolePolicy"] = put


def _record_decisions(lines):
    @around(iam_evaluator, "evaluate")
    def evaluate(original, request, policies, *limits):
        result = original(request, policies, *limits)
        if result.decision == "Allow" and ":assumed-role/" in request.principal_arn:
            role = request.principal_arn.split("/")[1]
            for action, resource in _pairs(statement for policy in policies for statement in policy):
                if _allows(action, resource, request):
                    lines.write_line(f"has {role} {action} {resource}")
        return result


def _pairs(statements):
    return [(action, resource) for statement in statements
            for action in statement.actions for resource in statement.resources]


def _allows(action, resource, request):
    return (iam_evaluator.fnmatch_iam(request.action, action)
            and iam_evaluator.fnmatch_iam_cs(request.resource_arn, resource))
