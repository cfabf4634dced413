"""Each behaviour of AWS is described once, as a test, and the test runs twice. It must pass on the corrected
emulator, and it must fail on an emulator that lacks only the correction that the class names."""

import functools
import json
import time
import unittest
import uuid

from harness import Emulator


class Timeout(Exception):
    """Something did not happen in time.

    This is not an AssertionError. A test that must fail without a correction must observe wrong behaviour; a slow
    machine is not enough."""


@functools.cache  # shared by all tests, stopped at exit
def corrected(enforcing):
    return Emulator(enforcing=enforcing)


class Behaviour(unittest.TestCase):
    correction = None
    enforcing = False  # of roles

    def __init_subclass__(cls):
        for name, test in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, f"{name}__fails_without_{cls.correction}", _must_fail(test))

    @classmethod
    def setUpClass(cls):
        cls.aws, cls._uncorrected = corrected(cls.enforcing), None

    @classmethod
    def uncorrected(cls):
        if cls._uncorrected is None:
            cls._uncorrected = Emulator(without=cls.correction, enforcing=cls.enforcing)
            cls.addClassCleanup(cls._uncorrected.stop)
        return cls._uncorrected

    def wait_for(self, look, seconds=10):
        """Returns what `look` returns as soon as it is true."""
        deadline = time.monotonic() + seconds
        while not (seen := look()):
            if time.monotonic() > deadline:
                raise Timeout(f"not within {seconds} s")
            time.sleep(0.02)
        return seen

    def assert_stays(self, look, seconds):
        """`look` stays true for this long. That something never happens can only be observed for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.assertTrue(look())
            time.sleep(0.05)

    def wait_for_end(self, execution):
        """Returns the description of an execution after its end."""
        def description():
            found = self.aws.describe(execution)
            return found if found["status"] != "RUNNING" else None
        return self.wait_for(description)

    def outcome(self, states, **fields):
        """Runs an execution. Returns its status, with its output or the name of its error."""
        end = self.wait_for_end(self.aws.start(states, **fields))
        result = json.loads(end["output"]) if end["status"] == "SUCCEEDED" else end.get("error")
        return end["status"], result

    def notes(self):
        """Returns the path of a file that the actor can write to, and a function that reads its lines."""
        path = self.aws.home / f"notes-{uuid.uuid4().hex}"
        return str(path), lambda: path.read_text().split() if path.exists() else []

    def assert_refused(self, code, service, operation, **arguments):
        self.assertEqual(code, self.aws.call(service, operation, **arguments))


def _must_fail(test):
    def fails(self):
        self.aws = self.uncorrected()
        with self.assertRaises(AssertionError):  # any other exception is an error of the test
            test(self)
    return fails


def task(event, resource="invoke", **fields):
    """A Task state that invokes the actor. It ends the machine unless `fields` has a Next."""
    fields = fields if "Next" in fields else {"End": True, **fields}
    return {"Type": "Task", "Resource": f"arn:aws:states:::lambda:{resource}",
            "Arguments": {"FunctionName": "actor", "Payload": event}, **fields}


def callback(event, **fields):
    token = "{% $states.context.Task.Token %}"
    return task({**event, "token": token}, "invoke.waitForTaskToken", **{"TimeoutSeconds": 30, **fields})


def retry(**fields):
    return [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1, **fields}]
