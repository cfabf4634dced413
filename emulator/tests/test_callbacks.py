import json
import unittest
from concurrent.futures import ThreadPoolExecutor

from behaviour import Behaviour, callback, retry

UNKNOWN = "7d2e0b5c-0000-4000-8000-000000000000"


class Callbacks(Behaviour):
    def waiting(self, machine=None, **fields):
        """An execution that waits for a callback, and its token."""
        path, lines = self.notes()
        execution = self.aws.start({"Await": callback({"note": path}, **fields)}, **(machine or {}))
        return execution, self.until(lines)[0]

    def succeed(self, token, output="{}"):
        return self.aws.answer("stepfunctions", "send_task_success", taskToken=token, output=output)

    def fail_task(self, token):
        return self.aws.answer("stepfunctions", "send_task_failure", taskToken=token, error="Again")


class TaskFailure(Callbacks):
    correction = "callback_task_failure"

    def test_a_callback_task_fails_with_the_error_of_its_function(self):
        caught = [{"ErrorEquals": ["Completion.AlreadyArrived"], "Next": "Arrived"}]
        await_goods = callback({"fail": "Completion.AlreadyArrived"}, Catch=caught)
        arrived = {"Type": "Pass", "Output": "arrived", "End": True}
        self.assertEqual(
            ("SUCCEEDED", "arrived"), self.outcome({"Await": await_goods, "Arrived": arrived}))

    def test_a_callback_task_is_retried_when_its_function_fails(self):
        path, lines = self.notes()
        await_goods = callback({"note": path, "fail": "Database.Unavailable"}, Retry=retry())
        self.assertEqual(("FAILED", "Database.Unavailable"), self.outcome({"Await": await_goods}))
        self.assertEqual(2, len(set(lines())))


class TaskToken(Callbacks):
    correction = "callback_task_token"

    def test_each_attempt_has_a_token_of_its_own_and_the_one_before_is_closed(self):
        path, lines = self.notes()
        execution = self.aws.start({"Await": callback({"note": path}, Retry=retry())})
        first = self.until(lines)[0]
        self.fail_task(first)
        second = self.until(lambda: lines()[1:])[0]
        self.assertEqual("TaskTimedOut", self.succeed(first))
        self.assertNotEqual("TaskTimedOut", self.succeed(second, '"second"'))
        self.assertEqual('"second"', self.ended(execution)["output"])


class ClosedToken(Callbacks):
    correction = "callback_closed_token"

    def test_only_the_first_of_many_answers_is_taken(self):
        execution, token = self.waiting()
        with ThreadPoolExecutor(8) as callers:
            answers = list(callers.map(lambda n: (n, self.succeed(token, str(n))), range(8)))
        taken = [n for n, answer in answers if answer != "TaskTimedOut"]
        self.assertEqual(1, len(taken))
        self.assertEqual(taken[0], json.loads(self.ended(execution)["output"]))

    def test_every_kind_of_answer_to_a_finished_task_is_refused(self):
        execution, token = self.waiting()
        self.succeed(token)
        self.ended(execution)
        self.assertEqual("TaskTimedOut", self.succeed(token))
        self.assertEqual("TaskTimedOut", self.fail_task(token))
        self.refused("TaskTimedOut", "stepfunctions", "send_task_heartbeat", taskToken=token)

    def test_an_answer_is_refused_after_the_task_timed_out(self):
        execution, token = self.waiting(TimeoutSeconds=1)
        self.assertEqual("States.Timeout", self.ended(execution)["error"])
        self.assertEqual("TaskTimedOut", self.succeed(token))

    def test_an_answer_is_refused_after_the_execution_was_stopped(self):
        execution, token = self.waiting()
        self.aws.client("stepfunctions").stop_execution(executionArn=execution)
        self.assertEqual("TaskTimedOut", self.succeed(token))

    def test_an_answer_is_refused_after_the_execution_timed_out(self):
        execution, token = self.waiting(machine={"TimeoutSeconds": 1})
        self.assertEqual("TIMED_OUT", self.ended(execution)["status"])
        self.assertEqual("TaskTimedOut", self.succeed(token))

    def test_an_answer_to_a_token_that_never_was_is_invalid(self):
        self.assertEqual("InvalidToken", self.succeed(UNKNOWN))

    def test_an_output_that_is_not_json_is_refused_and_the_task_waits_on(self):
        execution, token = self.waiting()
        self.assertEqual("InvalidOutput", self.succeed(token, "no JSON"))
        self.assertNotIsInstance(self.succeed(token, '"good"'), str)
        self.assertEqual('"good"', self.ended(execution)["output"])


if __name__ == "__main__":
    unittest.main()
