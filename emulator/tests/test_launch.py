import subprocess
import sys
import unittest
from importlib.metadata import PackageNotFoundError
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

    def test_every_correction_has_a_test_that_fails_without_it(self):
        needed = {getattr(test, "correction", None) for test in _tests() if "__fails_without_" in test.id()}
        self.assertEqual(set(corrections.ORDER), needed)

    def test_a_correction_that_does_not_exist_cannot_be_left_out(self):
        launched = subprocess.run(
            [sys.executable, LAUNCH, "--without", "nothing"], capture_output=True, text=True, timeout=30)
        self.assertEqual(2, launched.returncode)
        self.assertIn("argument --without: invalid choice: 'nothing'", launched.stderr)

    def test_another_version_of_ministack_is_refused(self):
        end = self._launch_with("launch.metadata.version", return_value="9.9")
        self.assertEqual(
            "ministack 9.9 is installed, but the corrections need 1.5.33. "
            f"Install it with: pip install -r {launch.REQUIREMENTS}", end.code)

    def test_a_missing_ministack_is_reported_with_the_command_that_installs_it(self):
        end = self._launch_with("launch.metadata.version", side_effect=PackageNotFoundError)
        self.assertEqual(
            f"ministack is not installed. Install it with: pip install -r {launch.REQUIREMENTS}", end.code)

    def test_a_function_that_ministack_lacks_is_refused(self):
        module = mock.Mock()
        module.apply.side_effect = lambda: around(unittest, "no_such_thing")
        end = self._launch_with("corrections.import_module", return_value=module)
        self.assertEqual(
            "The correction 'nodelay' does not fit this version of ministack: unittest has no 'no_such_thing'.",
            end.code)

    def test_a_function_with_other_arguments_is_refused(self):
        with self.assertRaises(Mismatch) as refusal:
            around(unittest, "skip")(lambda original: None)
        self.assertEqual("'skip' has 1 parameters, and the correction expects 0", str(refusal.exception))

    def _launch_with(self, name, **replacement):
        """Launches with a replaced function. Returns the exit of the launcher, which must not start a server."""
        with (mock.patch(name, **replacement), mock.patch("sys.argv", ["launch.py"]),
              mock.patch("launch.announce", side_effect=AssertionError("it starts")),
              self.assertRaises(SystemExit) as end):
            launch.main()
        return end.exception


def _tests(suite=None):
    """All tests of this folder."""
    for test in suite or unittest.TestLoader().discover(str(Path(__file__).parent)):
        if isinstance(test, unittest.TestSuite):
            yield from _tests(test)
        else:
            yield test


if __name__ == "__main__":
    unittest.main()
