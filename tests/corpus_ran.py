"""What of the bad-input table really ran: each row at each of its doors, from the tests' reports.

./hemaqueue test tests/hemaqueue/doors --bad-input-table docs/bad-input.md
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.corpus import CASES
from tests.corpus_requests import ROWS, WIRE, Test

DOORS = ("API", "form", "ZIP", "CLI", "inside")
FILES = "hemaqueue/doors/test_files.py"
#: The tests that take every file of the table through a door.
FILE_TESTS: dict[str, Test] = {
    "API": (FILES, "test_the_interface"),
    "form": (FILES, "test_the_form"),
    "ZIP": (FILES, "test_an_archive_of_all_of_them"),
    "CLI": (WIRE, "test_the_whole_table_by_the_client"),
}
PASSED = "passed"
MARKS = {PASSED: "✓", "failed": "**no**", "not run": "not run", "": ""}
HEAD = """# Bad input: 82 rows, each at every door that can be sent such a thing

Written by the tests (`--bad-input-table`): ✓ is a test that ran and passed, with the code and the
status of the column *answer*. A ZIP and the client answer a file by its code in a list; the form
answers 422 with the sentence and the code. *inside*: what no door is asked for.

| row | what comes | answer |"""

Ran = dict[int, dict[str, str]]


def ran(outcomes: Mapping[str, str]) -> Ran:
    """Return what became of each row at each of its doors, from outcomes by a test's id."""
    found: Ran = {}
    for case in CASES:
        found[case.row] = {
            door: _outcome(outcomes, [test], only=case.id) for door, test in FILE_TESTS.items()
        }
    for number, row in ROWS.items():
        found[number] = {door: _outcome(outcomes, tests) for door, tests in row.tests.items()}
    return found


def _outcome(outcomes: Mapping[str, str], tests: Iterable[Test], *, only: str = "") -> str:
    """Return passed where every one of these tests ran and every run of it passed."""
    said: list[str] = []
    for file, name in tests:
        runs = _runs(outcomes, f"tests/{file}::{name}", only=only)
        said += runs or ["not run"]
    return "failed" if "failed" in said else "not run" if set(said) != {PASSED} else PASSED


def _runs(outcomes: Mapping[str, str], test: str, *, only: str) -> list[str]:
    if only and f"{test}[{only}]" in outcomes:
        return [outcomes[f"{test}[{only}]"]]
    return [said for name, said in outcomes.items() if name == test or name.startswith(f"{test}[")]


def sentence(found: Ran) -> str:
    """Return one line: how many rows are as the table says at all of their doors."""
    whole = sum(set(doors.values()) == {PASSED} for doors in found.values())
    answers = [said for doors in found.values() for said in doors.values()]
    return (
        f"{whole} of {len(found)} rows, {answers.count(PASSED)} of {len(answers)} answers"
        f" (row and door); failed {answers.count('failed')}, not run {answers.count('not run')}"
    )


def table(found: Ran) -> str:
    """Return the table as Markdown."""
    head = f"{HEAD} {' | '.join(DOORS)} |\n|---|---|---|{'---|' * len(DOORS)}\n"
    lines = (
        f"| {number} | {' | '.join(_words(number))} |"
        f" {' | '.join(MARKS[doors.get(door, '')] for door in DOORS)} |\n"
        for number, doors in sorted(found.items())
    )
    return f"{head}{''.join(lines)}\n{sentence(found)}.\n"


def _words(number: int) -> tuple[str, str]:
    if number in ROWS:
        return ROWS[number].title, ROWS[number].answer
    case = next(case for case in CASES if case.row == number)
    code = case.upload_code or case.code
    return case.title, f"{case.status} `{code}`" if code else str(case.status)
