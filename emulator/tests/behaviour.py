"""A behaviour of AWS is described once, as a test, and checked twice: it holds on the corrected
emulator, and does not hold on one that lacks only the correction that the class names."""

import functools
import json
import time
import unittest
import uuid

from harness import Emulator


@functools.cache  # shared by all tests, stopped at exit
def corrected(enforcing):
    return Emulator(enforcing=enforcing)


class Behaviour(unittest.TestCase):
    correction = None
    enforcing = False  # of roles

    def __init_subclass__(cls):
        for name, test in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, f"{name}__but_not_without_{cls.correction}", _denial(test))

    @classmethod
    def setUpClass(cls):
        cls.aws, cls._lacking = corrected(cls.enforcing), None

    @classmethod
    def lacking(cls):
        if cls._lacking is None:
            cls._lacking = Emulator(without=cls.correction, enforcing=cls.enforcing)
            cls.addClassCleanup(cls._lacking.stop)
        return cls._lacking

    def until(self, look, seconds=4):
        """What `look` answers as soon as that is something."""
        deadline = time.monotonic() + seconds
        while not (seen := look()):
            self.assertLess(time.monotonic(), deadline, f"not within {seconds} s")
            time.sleep(0.02)
        return seen

    def holds(self, look, seconds):
        """That something does not happen can only be watched for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.assertTrue(look())
            time.sleep(0.05)

    def ended(self, execution, seconds=4):
        def description():
            found = self.aws.describe(execution)
            return found if found["status"] != "RUNNING" else None
        return self.until(description, seconds)

    def outcome(self, states, **fields):
        """The status of an execution, with its output or the name of its error."""
        end = self.ended(self.aws.start(states, **fields))
        said = json.loads(end["output"]) if end["status"] == "SUCCEEDED" else end.get("error")
        return end["status"], said

    def notes(self):
        """A file for the actor to write to, and what reads its lines."""
        path = self.aws.home / f"notes-{uuid.uuid4().hex}"
        return str(path), lambda: path.read_text().split() if path.exists() else []

    def refused(self, code, service, operation, **arguments):
        self.assertEqual(code, self.aws.answer(service, operation, **arguments))


def _denial(test):
    def denied(self):
        self.aws = self.lacking()
        with self.assertRaises(AssertionError):  # anything else is an error of the test itself
            test(self)
    return denied


def task(event, resource="invoke", **fields):
    """A Task state that invokes the actor, and ends the machine unless it says otherwise."""
    fields = fields if "Next" in fields else {"End": True, **fields}
    return {"Type": "Task", "Resource": f"arn:aws:states:::lambda:{resource}",
            "Arguments": {"FunctionName": "actor", "Payload": event}, **fields}


def callback(event, **fields):
    token = "{% $states.context.Task.Token %}"
    return task({**event, "token": token}, "invoke.waitForTaskToken", **{"TimeoutSeconds": 30, **fields})


def retry(**fields):
    return [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1, **fields}]
