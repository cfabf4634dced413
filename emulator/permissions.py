"""Writes down what roles may do, and what of it they have done, for those who want to know whether their
tests use every permission.

A line is `may ROLE ACTION RESOURCE` or `has ROLE ACTION RESOURCE`, action and resource as the role's policy
spells them.
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

    def put(asked):
        role, policy = iam._p(asked, "RoleName"), iam._p(asked, "PolicyDocument")
        for action, resource in _pairs(iam_evaluator.parse_policy_document(policy)):
            lines.write_line(f"may {role} {action} {resource}")
        return put_role_policy(asked)

    handlers["PutRolePolicy"] = put


def _record_decisions(lines):
    @around(iam_evaluator, "evaluate")
    def evaluate(original, asked, policies, *limits):
        result = original(asked, policies, *limits)
        if result.decision == "Allow" and ":assumed-role/" in asked.principal_arn:
            role = asked.principal_arn.split("/")[1]
            for action, resource in _pairs(statement for policy in policies for statement in policy):
                if _allows(action, resource, asked):
                    lines.write_line(f"has {role} {action} {resource}")
        return result


def _pairs(statements):
    return [(action, resource) for statement in statements
            for action in statement.actions for resource in statement.resources]


def _allows(action, resource, asked):
    return (iam_evaluator.fnmatch_iam(asked.action, action)
            and iam_evaluator.fnmatch_iam_cs(asked.resource_arn, resource))
