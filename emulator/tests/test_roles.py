import unittest
import uuid

from behaviour import Behaviour, task
from harness import Emulator

QUEUE = "arn:aws:sqs:ap-northeast-2:000000000000:"


class MachineRole(Behaviour):
    correction = "machine_role"
    enforcing = True

    def test_a_machine_whose_role_may_not_invoke_a_function_does_not(self):
        self._is_refused(task({}))

    def test_nor_does_it_wait_for_a_callback(self):
        self._is_refused(task({}, "invoke.waitForTaskToken"))

    def _is_refused(self, state):
        powerless = self.aws.role(uuid.uuid4().hex)
        end = self.outcome({"Try": state}, role=powerless, TimeoutSeconds=2)
        self.assertEqual(("FAILED", "Lambda.AWSLambdaException"), end)


class ConsumerRole(Behaviour):
    correction = "consumer_role"
    enforcing = True

    def test_a_function_whose_role_may_not_take_messages_gets_none(self):
        self.refused("InvalidParameterValueException", "lambda", "create_event_source_mapping",
                     **self._between(self.aws.role(uuid.uuid4().hex)))

    def _between(self, role):
        name = uuid.uuid4().hex
        self.aws.client("sqs").create_queue(QueueName=name)
        self.aws.function(name, role=role)
        return {"FunctionName": name, "EventSourceArn": QUEUE + name}


class Permissions(unittest.TestCase):
    def test_what_a_role_may_do_and_what_of_it_is_done_is_written_down(self):
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
