"""AWS: callers use TLS, and the condition `aws:SecureTransport` is true.

ministack: uses plain HTTP. With AUTH=true, a policy that denies requests without TLS denies every
request.

Needed by the policies of queues and topics that Terraform creates.
"""

from ministack.core import iam_evaluator

from ._patching import around


def apply():
    @around(iam_evaluator, "_resolve_condition_key")
    def resolve_condition_key(original, key, request):
        return "true" if key.lower() == "aws:securetransport" else original(key, request)
