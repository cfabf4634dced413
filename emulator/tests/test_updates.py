import json
import sys
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from behaviour import Behaviour
from harness import HERE, package


class Updates(Behaviour):
    correction = "update_drains"

    def test_a_running_invocation_ends_although_its_function_is_updated_and_the_next_one_runs_the_new_code(self):
        self.aws.function(function := f"updated-{uuid.uuid4().hex}")
        path, notes = self.notes()
        updated = Path(f"{path}-updated")
        with ThreadPoolExecutor() as threads:
            running = threads.submit(self._invoke, function, {"note": path, "until": str(updated)})
            self.wait_for(notes)
            self.aws.client("lambda").update_function_code(FunctionName=function, ZipFile=package(_NEW_CODE))
            updated.touch()
            self.assertNotIn("FunctionError", running.result())
        self.assertNotIn("FunctionError", self._invoke(function, {"note": path}))
        self.assertEqual(["called", "new"], notes())

    def _invoke(self, function, event):
        return self.aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))


_NEW_CODE = f"#!{sys.executable}\n{(HERE / 'actor.py').read_text()}".replace('"called"', '"new"')


if __name__ == "__main__":
    unittest.main()
