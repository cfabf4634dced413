import json
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

from behaviour import Behaviour, retry, task

LONG = {"Long": {"Type": "Wait", "Seconds": 30, "End": True}}
LASTS_3_SECONDS = {"Long": {"Type": "Wait", "Seconds": 3, "End": True}}


class Idempotency(Behaviour):
    correction = "start_execution_idempotency"

    def test_a_repeated_start_of_a_running_execution_returns_that_execution(self):
        start = self._starter()
        first = start()
        self.assertEqual(first, start())
        self.assertEqual("ExecutionAlreadyExists", start(input="[]"))

    def test_many_starts_at_once_all_return_the_same_execution(self):
        start = self._starter()
        with ThreadPoolExecutor(16) as callers:
            responses = list(callers.map(lambda _: str(start()), range(16)))
        self.assertEqual(1, len(set(responses)), set(responses))
        self.assertIn(":execution:", responses[0])

    def test_a_name_with_a_forbidden_character_is_refused(self):
        for name in ("a b", "a:b", "a/b", "a\nb", "a" * 81):
            self.assertEqual("InvalidName", self._starter(name)())

    def test_an_input_that_is_not_json_is_refused(self):
        self.assertEqual("InvalidExecutionInput", self._starter()(input="{"))

    def _starter(self, name=None):
        fixed = {"stateMachineArn": self.aws.machine(LONG), "name": name or uuid.uuid4().hex}

        def start(**fields):
            response = self.aws.call("stepfunctions", "start_execution", **fixed, **{"input": "{}", **fields})
            return response if isinstance(response, str) else (response["executionArn"], response["startDate"])
        return start


class Succeed(Behaviour):
    correction = "succeed_output"

    def test_the_output_of_a_succeed_state_is_the_output_of_the_execution(self):
        succeeds = {"Type": "Succeed", "Output": {"sum": "{% 1 + 1 %}"}}
        self.assertEqual(("SUCCEEDED", {"sum": 2}), self.outcome({"Succeeds": succeeds}))


class MachineTimeout(Behaviour):
    correction = "machine_timeout"

    def test_an_execution_ends_when_its_machine_times_out(self):
        self.assertEqual("TIMED_OUT", self.outcome(LASTS_3_SECONDS, TimeoutSeconds=1)[0])

    def test_a_timeout_sends_an_event(self):
        queue = self._queue_of_timeouts()
        execution = self.aws.start(LONG, TimeoutSeconds=1)
        received = self.aws.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=4)
        self.assertIn("Messages", received)
        event = json.loads(received["Messages"][0]["Body"])
        self.assertEqual(execution, event["detail"]["executionArn"])

    def test_a_synchronous_caller_gets_its_response_at_the_timeout(self):
        machine = self.aws.machine(LASTS_3_SECONDS, "EXPRESS", TimeoutSeconds=1)
        began = time.monotonic()
        response = self.aws.client("stepfunctions").start_sync_execution(stateMachineArn=machine)
        self.assertEqual("TIMED_OUT", response["status"])
        self.assertLess(time.monotonic() - began, 3)

    def _queue_of_timeouts(self):
        queue = self.aws.client("sqs").create_queue(QueueName="timeouts")["QueueUrl"]
        pattern = {"source": ["aws.states"], "detail": {"status": ["TIMED_OUT"]}}
        events = self.aws.client("events")
        events.put_rule(Name="timeouts", EventPattern=json.dumps(pattern))
        arn = f"arn:aws:sqs:ap-northeast-2:000000000000:{queue.rpartition('/')[2]}"
        events.put_targets(Rule="timeouts", Targets=[{"Id": "queue", "Arn": arn}])
        return queue


class Ended(Behaviour):
    correction = "ended_execution"

    def test_a_stopped_execution_invokes_no_function_again(self):
        execution, lines = self._stopped({"fail": "No"}, Retry=retry())
        self.assert_stays(lambda: len(lines()) == 1, 1.5)
        self.assertEqual("ExecutionAborted", self.aws.history(execution)[-1]["type"])

    def test_a_stopped_execution_stays_stopped_when_its_task_fails(self):
        execution, _ = self._stopped({"sleep": 0.8, "fail": "No"})
        self.assert_stays(lambda: self.aws.describe(execution)["status"] == "ABORTED", 1.5)

    def test_an_execution_that_timed_out_invokes_no_function_again(self):
        path, lines = self.notes()
        later = retry(IntervalSeconds=2)
        self.wait_for_end(self.aws.start({"Try": task({"fail": "No", "note": path}, Retry=later)}, TimeoutSeconds=1))
        self.assert_stays(lambda: len(lines()) == 1, 1.8)

    def _stopped(self, event, **fields):
        path, lines = self.notes()
        execution = self.aws.start({"Try": task({**event, "note": path}, **fields)})
        self.wait_for(lines)
        self.aws.client("stepfunctions").stop_execution(executionArn=execution)
        return execution, lines


class Express(Behaviour):
    correction = "express_memory"

    def test_a_failed_synchronous_execution_has_no_output(self):
        self.assertNotIn("output", self._run({"Bad": {"Type": "Fail", "Error": "Bad"}}))

    def test_a_synchronous_execution_leaves_no_record(self):
        execution = self._run({"Good": {"Type": "Succeed"}})["executionArn"]
        self.assert_refused("ExecutionDoesNotExist", "stepfunctions", "describe_execution", executionArn=execution)

    def _run(self, states):
        machine = self.aws.machine(states, "EXPRESS")
        return self.aws.client("stepfunctions").start_sync_execution(stateMachineArn=machine)


if __name__ == "__main__":
    unittest.main()
