import json
import time
import unittest
from statistics import quantiles

from behaviour import Behaviour


class RuntimeApi(Behaviour):
    correction = "nodelay"

    def test_an_event_reaches_a_function_without_delay(self):
        self._seconds()
        lower_quartile = quantiles([self._seconds() for _ in range(20)])[0]
        self.assertLess(lower_quartile, 0.03)

    def _seconds(self):
        began = time.monotonic()
        self.aws.client("lambda").invoke(FunctionName="actor", Payload=json.dumps({"n": 1}))
        return time.monotonic() - began


class Start(Behaviour):
    correction = "prompt_start"

    def test_an_execution_enters_its_first_state_at_once(self):
        self.assertLess(min(self._seconds() for _ in range(5)), 0.1)

    def _seconds(self):
        execution = self.aws.start({"Only": {"Type": "Succeed"}})
        self.wait_for_end(execution)
        started, entered = self.aws.history(execution)[:2]
        return (entered["timestamp"] - started["timestamp"]).total_seconds()


if __name__ == "__main__":
    unittest.main()
