import unittest

from behaviour import Behaviour, callback, retry, task


class Pacing(Behaviour):
    correction = "retry_pacing"

    def test_a_retry_waits_no_longer_than_its_max_delay(self):
        paced = retry(BackoffRate=3, MaxDelaySeconds=2, MaxAttempts=2)
        first, second = self._pauses(self.aws.start({"Try": task({"fail": "No"}, Retry=paced)}))
        self.assertGreater(first, 0.9)
        self.assertTrue(1.9 < second < 2.7, second)

    def test_full_jitter_spreads_the_retries(self):
        jittered = {"Try": task({"fail": "No"}, Retry=retry(JitterStrategy="FULL"))}
        executions = [self.aws.start(jittered) for _ in range(10)]
        pauses = [pause for execution in executions for pause in self._pauses(execution)]
        self.assertEqual(10, len(pauses))
        self.assertLess(min(pauses), 0.8)  # fails by chance once in ten million runs

    def _pauses(self, execution):
        self.wait_for_end(execution)
        events = self.aws.history(execution)
        return [(after["timestamp"] - before["timestamp"]).total_seconds()
                for before, after in zip(events, events[1:])
                if (before["type"], after["type"]) == ("TaskFailed", "TaskScheduled")]


class Throttling(Behaviour):
    correction = "throttle_name"

    def setUp(self):
        self.throttled = {"FunctionName": "throttled", "Payload": {}}

    def test_a_throttled_function_fails_its_task_with_the_error_name_of_aws(self):
        self._throttle()
        for step in (task({}), callback({})):
            step["Arguments"] = self.throttled
            self.assertEqual(("FAILED", "Lambda.TooManyRequestsException"), self.outcome({"Try": step}))

    def _throttle(self):
        self.aws.function("throttled")
        self.aws.client("lambda").put_function_concurrency(
            FunctionName="throttled", ReservedConcurrentExecutions=0)


class StartExit(Behaviour):
    correction = "start_exit"

    def test_a_process_that_ends_during_its_start_fails_its_task_with_the_error_name_of_aws(self):
        self.aws.function("ends-at-start", "#!/bin/sh\nkill -9 $$\n")
        state = task({})
        state["Arguments"] = {"FunctionName": "ends-at-start", "Payload": {}}
        self.assertEqual(("FAILED", "Runtime.ExitError"), self.outcome({"Try": state}))


class DynamicTimeout(Behaviour):
    correction = "dynamic_timeout"
    timed_out = ("FAILED", "States.Timeout")

    def test_the_timeout_of_a_task_can_be_an_expression(self):
        slow = task({"sleep": 3}, TimeoutSeconds="{% 2 - 1 %}")
        self.assertEqual(self.timed_out, self.outcome({"Slow": slow}))

    def test_the_timeout_of_a_callback_task_can_be_an_expression(self):
        silent = callback({}, TimeoutSeconds="{% $limit %}")
        configured = {"Type": "Pass", "Assign": {"limit": 1}, "Next": "Silent"}
        self.assertEqual(self.timed_out, self.outcome({"Configured": configured, "Silent": silent}))


if __name__ == "__main__":
    unittest.main()
