"""Reads a list of [name, policy] from a file, and prints what parliament finds that has no answer here."""

import json
import sys

from parliament import analyze_policy_string, enhance_finding

# What is answered, by the issue and a word that the finding must hold.
ANSWERED = [
    # Lambda puts this key on every call of a function's code, whatever service it calls.
    ("UNKNOWN_CONDITION_FOR_ACTION", "lambda:SourceFunctionArn"),
    # Lambda refuses a function whose role may not do this everywhere; its own code is denied it.
    ("RESOURCE_STAR", "ec2:CreateNetworkInterface"),
    # A token belongs to a machine, whose ARN is what counts, though the reference names none for this action.
    ("RESOURCE_MISMATCH", "states:SendTaskSuccess"),
    # Executions of standard machines have no ARN of an express one.
    ("RESOURCE_MISMATCH", "states:DescribeExecution"),
]


def is_answered(finding):
    return any(finding.issue == issue and word in str(finding.detail) for issue, word in ANSWERED)


for name, policy in json.load(open(sys.argv[1], encoding="utf-8")):
    for finding in map(enhance_finding, analyze_policy_string(policy).findings):
        if not is_answered(finding):
            print(name, finding.issue, finding.detail)
