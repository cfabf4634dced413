import json
import unittest
import uuid

from behaviour import Behaviour


class Log(Behaviour):
    correction = "whole_log"

    def test_a_line_that_arrives_late_is_in_the_log_of_its_invocation(self):
        self.aws.function(function := f"late-{uuid.uuid4().hex}")
        event = json.dumps({"log_after": 0.3})  # simulates a machine that is too busy to read it sooner
        self.aws.client("lambda").invoke(FunctionName=function, Payload=event)
        log = self.aws.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}")
        self.assertIn("done", [event["message"] for event in log["events"]])


if __name__ == "__main__":
    unittest.main()
