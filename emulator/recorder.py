"""Records which transitions of the state machines executions take. A test checks that every transition is taken.

A line is `MACHINE PLACE`. PLACE is a JSON pointer into the definition of the machine:

- `.../Next` or `.../End` of a state that completed,
- `.../Choices/0` or `.../Default` of a Choice state,
- `.../Retry/0` of a task that was retried,
- `.../Catch/0` of a task whose error was caught.

ministack passes these parts of a definition around without their place. So the recorder adds its place to each part
when a machine is created. A definition that replaces it later, such as that of another release, has no places, and its
transitions are not recorded. The recorder replaces functions in memory, as the corrections do, but it does not change
their behaviour.
"""

import contextvars
import json
from pathlib import Path

from ministack.services import stepfunctions as sf

from corrections._patching import around

MARK = "Place"
_matched_rule = contextvars.ContextVar("matched_rule", default=None)


def record(file):
    taken = Lines(file)
    _mark_machines()
    _record_states(taken)
    _record_choices(taken)
    _record_errors(taken)


class Lines:
    """A file that several emulators append to. Each line is one write, so lines never mix."""

    def __init__(self, file):
        self._file = Path(file)
        self._written = set()

    def write(self, part, suffix=""):
        if MARK in part:
            self.write_line(f"{part[MARK]}{suffix}")

    def write_line(self, line):
        line += "\n"
        if line not in self._written:
            self._written.add(line)
            with self._file.open("a") as file:
                file.write(line)


def _mark_machines():
    @around(sf, "_create_state_machine")
    def create_state_machine(original, data):
        definition = json.loads(data["definition"])
        _mark(definition, data["name"] + " ")
        return original({**data, "definition": json.dumps(definition)})


def _mark(machine, place):
    for name, state in machine["States"].items():
        state[MARK] = f"{place}/States/{name}"
        for field in ("Choices", "Retry", "Catch"):
            for number, part in enumerate(state.get(field, ())):
                part[MARK] = f"{state[MARK]}/{field}/{number}"
        if "ItemProcessor" in state:
            _mark(state["ItemProcessor"], f"{state[MARK]}/ItemProcessor")


def _record_states(taken):
    @around(sf, "_next_or_end")
    def next_or_end(original, state):
        taken.write(state, "/End" if state.get("End") else "/Next")
        return original(state)


def _record_choices(taken):
    @around(sf, "_evaluate_jsonata_choice_rule")
    def evaluate_rule(original, rule, given, context):
        matches = original(rule, given, context)
        if matches:
            _matched_rule.set(rule)
        return matches

    @around(sf, "_execute_choice")
    def execute_choice(original, state, given, context=None):
        _matched_rule.set(None)
        result = original(state, given, context)
        rule = _matched_rule.get()
        taken.write(rule) if rule else taken.write(state, "/Default")
        return result


def _record_errors(taken):
    @around(sf, "_find_matching_retrier")
    def find_matching_retrier(original, retriers, error, counts):
        retrier, index = original(retriers, error, counts)
        if retrier:
            taken.write(retrier)
        return retrier, index

    @around(sf, "_find_matching_catcher")
    def find_matching_catcher(original, catchers, error):
        catcher = original(catchers, error)
        if catcher:
            taken.write(catcher)
        return catcher
