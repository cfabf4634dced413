import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

from harness import LAUNCH

sys.path.insert(0, str(LAUNCH.parent))
import corrections  # noqa: E402
import launch  # noqa: E402
from corrections._patching import Mismatch, around  # noqa: E402


class Launch(unittest.TestCase):
    def test_the_list_names_every_correction_in_the_folder(self):
        listed = subprocess.run([sys.executable, LAUNCH, "--list"], capture_output=True, text=True, check=True)
        modules = (file.stem for file in (LAUNCH.parent / "corrections").glob("[!_]*.py"))
        self.assertEqual(sorted(modules), sorted(listed.stdout.split()))

    def test_every_correction_has_a_behaviour_that_needs_it(self):
        tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
        for name in corrections.ORDER:
            self.assertIn(f'correction = "{name}"', tests)

    def test_a_correction_that_does_not_exist_cannot_be_left_out(self):
        tried = subprocess.run([sys.executable, LAUNCH, "--without", "nothing"], capture_output=True)
        self.assertNotEqual(0, tried.returncode)

    def test_another_version_of_ministack_is_refused(self):
        with mock.patch("launch.metadata.version", return_value="9.9"), self.assertRaises(SystemExit) as end:
            launch.check_version()
        self.assertEqual(
            "ministack 9.9 is installed, but the corrections are written for 1.5.33.", end.exception.code)

    def test_a_function_that_ministack_lacks_is_refused(self):
        with mock.patch("corrections.import_module") as module, self.assertRaises(SystemExit) as end:
            module.return_value.apply.side_effect = lambda: around(unittest, "no_such_thing")
            launch.correct(without=())
        self.assertEqual(
            "The correction 'nodelay' does not fit this ministack: unittest has no 'no_such_thing'.",
            end.exception.code)

    def test_a_function_with_other_arguments_is_refused(self):
        with self.assertRaises(Mismatch):
            around(unittest, "skip")(lambda original: None)


if __name__ == "__main__":
    unittest.main()
