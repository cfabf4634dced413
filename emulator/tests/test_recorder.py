import json
import tempfile
import unittest
from pathlib import Path

from behaviour import retry, task
from harness import Emulator

CATCH = [{"ErrorEquals": ["Known"], "Next": "Asks"}, {"ErrorEquals": ["States.ALL"], "Next": "Ends"}]
STATES = {
    "Begins": {"Type": "Pass", "Assign": {"again": "{% $states.input.again %}"}, "Next": "Fails"},
    "Fails": task({"fail": "{% $states.input.error %}"}, Retry=retry(IntervalSeconds=0), Catch=CATCH, Next="Ends"),
    "Asks": {"Type": "Choice", "Default": "Each", "Choices": [
        {"Condition": "{% false %}", "Next": "Ends"}, {"Condition": "{% $again %}", "Next": "Each"}]},
    "Each": {"Type": "Map", "Items": [1, 2], "Next": "Ends", "ItemProcessor": {
        "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}}},
    "Ends": {"Type": "Succeed"},
}


class Recorder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "taken"
        self.aws = Emulator(record=self.file)
        self.addCleanup(self.aws.stop)
        self.machine = self.aws.machine(STATES, "EXPRESS")

    def test_the_transitions_of_an_execution_are_recorded_and_no_others(self):
        self._run('{"error": "Known", "again": true}')
        common = {"Begins/Next", "Fails/Retry/0", "Each/ItemProcessor/States/One/End", "Each/Next"}
        self.assertEqual({*common, "Fails/Catch/0", "Asks/Choices/1"}, self._taken())
        self._run('{"error": "Known", "again": false}')
        self._run('{"error": "Other", "again": false}')
        self.assertEqual({*common, "Fails/Catch/0", "Fails/Catch/1", "Asks/Choices/1", "Asks/Default"}, self._taken())

    def test_a_definition_that_replaces_another_runs_and_its_transitions_are_not_recorded(self):
        states = {"Begins": {"Type": "Succeed"}}
        self.aws.client("stepfunctions").update_state_machine(
            stateMachineArn=self.machine, definition=json.dumps({"QueryLanguage": "JSONata", "StartAt": "Begins", "States": states}))
        self._run("{}")
        self.assertFalse(self.file.exists())

    def _run(self, given):
        run = self.aws.client("stepfunctions").start_sync_execution(stateMachineArn=self.machine, input=given)
        self.assertEqual("SUCCEEDED", run["status"], run)

    def _taken(self):
        machine = self.machine.rpartition(":")[2]
        lines = self.file.read_text().splitlines()
        self.assertEqual(len(lines), len(set(lines)), "each line is written once")
        return {line.removeprefix(f"{machine} /States/") for line in lines}


if __name__ == "__main__":
    unittest.main()
