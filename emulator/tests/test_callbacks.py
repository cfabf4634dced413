import json
import unittest
from concurrent.futures import ThreadPoolExecutor

from behaviour import Behaviour, callback, retry

UNKNOWN = "7d2e0b5c-0000-4000-8000-000000000000"


class Callbacks(Behaviour):
    def waiting(self, machine=None, **fields):
        """Starts an execution that waits for a callback. Returns it and its task token."""
        path, lines = self.notes()
        execution = self.aws.start({"Await": callback({"note": path}, **fields)}, **(machine or {}))
        return execution, self.wait_for(lines)[0]

    def succeed(self, token, output="{}"):
        return self.aws.call("stepfunctions", "send_task_success", taskToken=token, output=output)

    def fail_task(self, token):
        return self.aws.call("stepfunctions", "send_task_failure", taskToken=token, error="Again")


class TaskFailure(Callbacks):
    correction = "callback_task_failure"

    def test_a_callback_task_fails_with_the_error_of_its_function(self):
        caught = [{"ErrorEquals": ["Completion.AlreadyArrived"], "Next": "Arrived"}]
        await_goods = callback({"fail": "Completion.AlreadyArrived"}, Catch=caught, TimeoutSeconds=1)
        arrived = {"Type": "Pass", "Output": "arrived", "End": True}
        self.assertEqual(
            ("SUCCEEDED", "arrived"), self.outcome({"Await": await_goods, "Arrived": arrived}))

    def test_a_callback_task_is_retried_when_its_function_fails(self):
        path, lines = self.notes()
        failing = {"note": path, "fail": "Database.Unavailable"}
        await_goods = callback(failing, Retry=retry(), TimeoutSeconds=1)
        self.assertEqual(("FAILED", "Database.Unavailable"), self.outcome({"Await": await_goods}))
        self.assertEqual(2, len(set(lines())))


class TaskToken(Callbacks):
    correction = "callback_task_token"

    def test_each_attempt_has_its_own_token_and_the_earlier_token_is_closed(self):
        path, lines = self.notes()
        execution = self.aws.start({"Await": callback({"note": path}, Retry=retry())})
        first = self.wait_for(lines)[0]
        self.fail_task(first)
        second = self.wait_for(lambda: lines()[1:])[0]
        self.assertEqual("TaskTimedOut", self.succeed(first))
        self.assertNotIsInstance(self.succeed(second, '"second"'), str)
        self.assertEqual('"second"', self.wait_for_end(execution)["output"])


class ClosedToken(Callbacks):
    correction = "callback_closed_token"

    def test_only_the_first_of_many_responses_is_accepted(self):
        execution, token = self.waiting()
        with ThreadPoolExecutor(8) as callers:
            responses = list(callers.map(lambda n: (n, self.succeed(token, str(n))), range(8)))
        accepted = [n for n, response in responses if response != "TaskTimedOut"]
        self.assertEqual(1, len(accepted))
        self.assertEqual(accepted[0], json.loads(self.wait_for_end(execution)["output"]))

    def test_every_kind_of_response_to_a_finished_task_is_refused(self):
        execution, token = self.waiting()
        self.succeed(token)
        self.wait_for_end(execution)
        self.assertEqual("TaskTimedOut", self.succeed(token))
        self.assertEqual("TaskTimedOut", self.fail_task(token))
        self.assert_refused("TaskTimedOut", "stepfunctions", "send_task_heartbeat", taskToken=token)

    def test_a_response_is_refused_after_the_task_timed_out(self):
        execution, token = self.waiting(TimeoutSeconds=1)
        self.assertEqual("States.Timeout", self.wait_for_end(execution)["error"])
        self.assertEqual("TaskTimedOut", self.succeed(token))

    def test_a_response_is_refused_after_the_execution_was_stopped(self):
        execution, token = self.waiting()
        self.aws.client("stepfunctions").stop_execution(executionArn=execution)
        self.assertEqual("TaskTimedOut", self.succeed(token))

    def test_a_response_is_refused_after_the_execution_timed_out(self):
        execution, token = self.waiting(machine={"TimeoutSeconds": 1})
        self.assertEqual("TIMED_OUT", self.wait_for_end(execution)["status"])
        self.assertEqual("TaskTimedOut", self.succeed(token))

    def test_a_response_to_a_token_that_never_existed_is_invalid(self):
        self.assertEqual("InvalidToken", self.succeed(UNKNOWN))

    def test_an_output_that_is_not_json_is_refused_and_the_task_keeps_waiting(self):
        execution, token = self.waiting()
        self.assertEqual("InvalidOutput", self.succeed(token, "no JSON"))
        self.assertNotIsInstance(self.succeed(token, '"good"'), str)
        self.assertEqual('"good"', self.wait_for_end(execution)["output"])


if __name__ == "__main__":
    unittest.main()
