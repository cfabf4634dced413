"""Writes down which ways through the state machines executions take, for those who want to know whether
their tests take all of them.

A line is `MACHINE PLACE`, the place being a JSON pointer into the machine's definition: `.../Next` or
`.../End` of a state that was left as it should be, `.../Choices/0` or `.../Default` of a Choice,
`.../Retry/0` where a task was tried again, `.../Catch/0` where its error led elsewhere.

ministack hands these parts of a definition around without saying where they stand. So each is marked with
its place when a machine is made. Like the corrections, this replaces functions in memory, but no behaviour
changes by it.
"""

import contextvars
import json
from pathlib import Path

from ministack.services import stepfunctions as sf

from corrections._patching import around

MARK = "Place"
_rule_that_held = contextvars.ContextVar("rule_that_held", default=None)


def record(file):
    taken = Lines(file)
    _mark_machines()
    _record_states(taken)
    _record_choices(taken)
    _record_errors(taken)


class Lines:
    """A file that several emulators append to, each line in one write."""

    def __init__(self, file):
        self._file = Path(file)
        self._written = set()

    def write(self, part, suffix=""):
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
        held = original(rule, given, context)
        if held:
            _rule_that_held.set(rule)
        return held

    @around(sf, "_execute_choice")
    def execute_choice(original, state, given, context=None):
        _rule_that_held.set(None)
        answer = original(state, given, context)
        rule = _rule_that_held.get()
        taken.write(rule) if rule else taken.write(state, "/Default")
        return answer


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
