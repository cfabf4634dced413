"""AWS: whoever calls comes over TLS, and `aws:SecureTransport` says so.

ministack: on plain HTTP, a policy that denies everything but TLS locks everyone out with AUTH=true.

We depend on it in the policies of queues and topics that Terraform makes.
"""

from ministack.core import iam_evaluator

from ._patching import around


def apply():
    @around(iam_evaluator, "_resolve_condition_key")
    def resolve_condition_key(original, key, asked):
        return "true" if key.lower() == "aws:securetransport" else original(key, asked)
