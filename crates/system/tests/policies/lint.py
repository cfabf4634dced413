"""Reads a list of [name, policy] from a file and prints the findings of parliament that are not accepted below."""

import json
import sys

from parliament import analyze_policy_string, enhance_finding

# Accepted findings: the issue, and a word that the detail of the finding must contain.
ACCEPTED = [
    # Lambda adds this key to every AWS call of the code of a function, whatever the service.
    ("UNKNOWN_CONDITION_FOR_ACTION", "lambda:SourceFunctionArn"),
    # Lambda requires this permission for all resources. The code of the function is denied it by a second statement.
    ("RESOURCE_STAR", "ec2:CreateNetworkInterface"),
    # CloudWatch asks for these permissions without a resource where composite alarms are written or described.
    ("RESOURCE_STAR", "cloudwatch:PutCompositeAlarm"),
    # AWS checks this action against the ARN of the state machine, although its reference lists no resource type.
    ("RESOURCE_MISMATCH", "states:SendTaskSuccess"),
    # Only standard state machines are described. parliament also expects the ARN format of express executions.
    ("RESOURCE_MISMATCH", "states:DescribeExecution"),
    # The executions of state machines are listed. parliament also expects the ARN format of map runs.
    ("RESOURCE_MISMATCH", "states:ListExecutions"),
]


def is_accepted(finding):
    return any(finding.issue == issue and word in str(finding.detail) for issue, word in ACCEPTED)


for name, policy in json.load(open(sys.argv[1], encoding="utf-8")):
    for finding in map(enhance_finding, analyze_policy_string(policy).findings):
        if not is_accepted(finding):
            print(name, finding.issue, finding.detail)
