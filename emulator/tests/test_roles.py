import json
import unittest
import uuid

from botocore.exceptions import ClientError

from behaviour import Behaviour, callback, task
from harness import Emulator

WAITS = {"Waits": callback({"note": "{% $states.input.note %}"})}
QUEUE = "arn:aws:sqs:ap-northeast-2:000000000000:"
ACTOR = "arn:aws:lambda:ap-northeast-2:000000000000:function:actor"
CONSUMER = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


class MachineRole(Behaviour):
    correction = "machine_role"
    enforcing = True

    def test_a_machine_invokes_a_function_only_with_the_permission(self):
        allowed = self.aws.role(uuid.uuid4().hex, {"Action": "lambda:InvokeFunction", "Resource": ACTOR})
        self.assertEqual("SUCCEEDED", self.outcome({"Try": task({})}, role=allowed)[0])
        self._is_refused(task({}))

    def test_a_machine_waits_for_a_callback_only_with_the_permission(self):
        self._is_refused(task({}, "invoke.waitForTaskToken"))

    def _is_refused(self, state):
        other = {"Action": "lambda:InvokeFunction", "Resource": f"{ACTOR}-other"}
        role = self.aws.role(uuid.uuid4().hex, other)
        end = self.outcome({"Try": state}, role=role, TimeoutSeconds=2)
        self.assertEqual(("FAILED", "Lambda.AWSLambdaException"), end)


class ConsumerRole(Behaviour):
    correction = "consumer_role"
    enforcing = True

    def test_a_function_receives_messages_only_with_all_three_permissions(self):
        self.assertIn("UUID", self._mapping(CONSUMER))
        for missing in CONSUMER:
            allowed = [action for action in CONSUMER if action != missing]
            self.assertEqual("InvalidParameterValueException", self._mapping(allowed), missing)

    def _mapping(self, actions):
        """Creates a queue, and a mapping to a function whose role has these permissions."""
        name = uuid.uuid4().hex
        self.aws.client("sqs").create_queue(QueueName=name)
        role = self.aws.role(name, {"Action": list(actions), "Resource": QUEUE + name})
        self.aws.function(name, role=role)
        return self.aws.call(
            "lambda", "create_event_source_mapping", FunctionName=name, EventSourceArn=QUEUE + name)


class MailIdentity(Behaviour):
    correction = "mail_identity"
    enforcing = True

    def test_a_role_that_can_send_from_one_address_sends_from_that_address_only(self):
        mail = self._sender()
        self.assertIn("MessageId", mail("one@ours.example"))
        self.assertEqual("AccessDenied", mail("other@ours.example"))

    def test_a_role_that_is_limited_to_recipients_sends_to_no_others(self):
        mail = self._sender(Condition={
            "StringEquals": {"ses:FromAddress": ["one@ours.example"]},
            "ForAllValues:StringEquals": {"ses:Recipients": ["a@b.example"]}})
        self.assertIn("MessageId", mail("one@ours.example"))
        self.assertEqual("AccessDenied", mail("one@ours.example", "a@b.example", "c@d.example"))

    def _sender(self, **condition):
        """Returns a function that sends a mail with a role that can send as `one@ours.example`."""
        for name in ("one", "other"):
            self.aws.client("ses").verify_email_identity(EmailAddress=f"{name}@ours.example")
        identity = "arn:aws:ses:ap-northeast-2:000000000000:identity/one@ours.example"
        ses = self.aws.client_with("ses", {"Action": "ses:SendEmail", "Resource": identity, **condition})
        text = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}

        def mail(sender, *recipients):
            to = {"ToAddresses": recipients or ["a@b.example"]}
            try:
                return ses.send_email(Source=sender, Destination=to, Message=text)
            except ClientError as error:
                return error.response["Error"]["Code"]
        return mail


class Transport(Behaviour):
    correction = "transport"
    enforcing = True

    def test_a_queue_that_requires_tls_can_be_used(self):
        sqs = self.aws.client("sqs")
        url = sqs.create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]
        only_tls = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": QUEUE + url.rpartition("/")[2],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [only_tls]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        self.assertIn("ResponseMetadata", self.aws.call("sqs", "get_queue_attributes", QueueUrl=url))


class CallbackResource(Behaviour):
    correction = "callback_resource"
    enforcing = True

    def test_a_role_that_can_complete_tasks_of_one_machine_completes_those_only(self):
        mine, other = ((self.aws.machine(WAITS), self.notes()) for _ in range(2))
        states = self.aws.client_with("stepfunctions", {"Action": "states:SendTaskSuccess", "Resource": mine[0]})
        self.assertEqual("AccessDeniedException", self._completed(states, *other))
        self.assertEqual("ok", self._completed(states, *mine))

    def _completed(self, states, machine, notes):
        path, lines = notes
        self.aws.client("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps({"note": path}))
        try:
            states.send_task_success(taskToken=self.wait_for(lines)[0], output="{}")
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "ok"


class Permissions(unittest.TestCase):
    def test_the_permissions_of_a_role_and_their_use_are_recorded(self):
        aws = Emulator(enforcing=True)
        self.addCleanup(aws.stop)
        one, other = "arn:aws:lambda:*:function:actor", "arn:aws:lambda:*:function:other"
        role = aws.role("one", {"Action": ["lambda:InvokeFunction", "lambda:GetFunction"], "Resource": [one, other]})
        machine = aws.machine({"Try": task({})}, "EXPRESS", role=role)
        run = aws.client("stepfunctions").start_sync_execution(stateMachineArn=machine)
        self.assertEqual("SUCCEEDED", run["status"], run)
        lines = [line for line in aws.permissions.read_text().splitlines() if line.split()[1] == "one"]
        may = [f"may one lambda:{action} {arn}" for action in ("InvokeFunction", "GetFunction") for arn in (one, other)]
        self.assertEqual([*may, f"has one lambda:InvokeFunction {one}"], lines)


if __name__ == "__main__":
    unittest.main()
