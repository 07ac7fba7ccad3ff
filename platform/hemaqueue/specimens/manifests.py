"""A CSV manifest: one row for each file, with what differs from the form. Read, never run."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError

from hemaqueue.accounts.models import SpecimenType
from hemaqueue.common.errors import Refused
from hemaqueue.common.scale import scale_read
from hemaqueue.specimens.batches import MOST_FILES
from hemaqueue.specimens.models import ImageKind
from hemaqueue.specimens.services import CaseContext
from hemaqueue.specimens.text import visible_text

SCALE = "microns_per_pixel"
COLUMNS = ("filename", "accession", "patient", "specimen", "stain", "kind", "urgent", SCALE)
LONGEST = {"filename": 300, "accession": 64, "patient": 64, "stain": 60}
MOST_BYTES = 2 << 20
SEPARATORS = (",", ";", "\t")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
YES, NO = {"yes", "true", "1", "x", "oui"}, {"", "no", "false", "0", "non"}
#: What a choice may be called, in a manifest of any language.
CHOICES: dict[str, dict[str, str]] = {
    "specimen": {one.value: one.value for one in SpecimenType}
    | {"peripheral blood": "blood", "bone marrow": "marrow"},
    "kind": {one.value: one.value for one in ImageKind}
    | {"smear field": "field", "single cell": "cell"},
}
TEMPLATE = ",".join(COLUMNS) + "\r\n"


class ManifestTooLarge(Refused):
    """A manifest has at most 2,000 rows and 2 MiB."""

    code = "manifest_too_large"
    status = 413


class ManifestUnreadable(Refused):
    """This is no CSV text in UTF-8. Save the table as "CSV UTF-8" and choose it again."""

    code = "manifest_unreadable"


class ManifestColumns(Refused):
    """The first row must name the columns: filename, and any of the template's others, once."""

    code = "manifest_columns"


class ManifestEmpty(Refused):
    """There is no row below the names of the columns."""

    code = "manifest_empty"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a row, a value or a file. `line` is 0 for a file."""

    code: str
    sentence: str
    line: int = 0
    filename: str = ""
    column: str = ""


@dataclass(frozen=True)
class ManifestRow:
    """What the manifest says of one file; what it leaves empty is the form's."""

    line: int
    filename: str
    values: dict[str, str] = field(default_factory=dict)

    def context(self, usual: CaseContext) -> CaseContext:
        said: dict[str, object] = {name: value for name, value in self.values.items() if value}
        if "urgent" in self.values:
            said["urgent"] = self.values["urgent"] == "yes"
        if SCALE in said:
            said[SCALE] = scale_read(self.values[SCALE])
        return replace(usual, **said)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Manifest:
    rows: list[ManifestRow]
    findings: list[Finding]


def manifest_read(data: bytes) -> Manifest:
    """Return the rows of a CSV file and what is wrong with them.

    Raises:
        ManifestTooLarge, ManifestUnreadable, ManifestColumns, ManifestEmpty
    """
    if len(data) > MOST_BYTES:
        raise ManifestTooLarge
    lines = _lines(_text(data))
    columns = _columns(lines[0]) if lines else []
    if not columns:
        raise ManifestColumns
    rows, findings = [], []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            row, wrong = _row(number, cells, columns=columns)
            rows.append(row)
            findings += wrong
    if not rows:
        raise ManifestEmpty
    if len(rows) > MOST_FILES:
        raise ManifestTooLarge
    return Manifest(rows, [*findings, *_between(rows)])


def _text(data: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with its mark, as spreadsheets write it."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ManifestUnreadable from error
    if "\0" in text:
        raise ManifestUnreadable
    return text


def _lines(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise ManifestUnreadable from error


def _columns(cells: list[str]) -> list[str]:
    """Return the names of the columns, or nothing where they are not the template's."""
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = set(names) <= set(COLUMNS) and len(set(names)) == len(names)
    return names if known and "filename" in names else []


def _row(number: int, cells: list[str], *, columns: list[str]) -> tuple[ManifestRow, list[Finding]]:
    given = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    name = given.pop("filename", "").replace("\\", "/")
    row, wrong = ManifestRow(number, name, {}), []
    if any(cell.strip() for cell in cells[len(columns) :]):
        wrong.append(
            Finding("too_many_cells", "The row has more cells than columns.", number, name)
        )
    if not name:
        wrong.append(Finding("no_filename", "The row names no file.", number))
    for column, value in {"filename": name, **given}.items():
        if code := _fault(column, value):
            wrong.append(Finding(code, SENTENCES[code], number, name, column))
        elif column != "filename":
            row.values[column] = _plain(column, value)
    return row, wrong


SENTENCES = {
    "formula": "A spreadsheet would run this value. Write it without = + - @ in front.",
    "too_long": "The value is too long.",
    "unreadable_text": "There is an invisible or an unreadable character in it.",
    "unknown_specimen": "Specimen is blood or marrow.",
    "unknown_kind": "Kind is field, cell or synthetic.",
    "unknown_flag": "Urgent is yes or no.",
    "scale_out_of_range": "Micrometres per pixel is a number from 0.01 to 10.",
}


def _fault(column: str, value: str) -> str:
    """Return the code of what is wrong with a value, "" where nothing is."""
    if value.startswith(FORMULA):
        return "formula"
    if len(value) > LONGEST.get(column, 40):
        return "too_long"
    try:
        visible_text(value)
    except ValidationError:
        return "unreadable_text"
    wanted = {
        "specimen": "unknown_specimen",
        "kind": "unknown_kind",
        "urgent": "unknown_flag",
        SCALE: "scale_out_of_range",
    }
    return wanted[column] if column in wanted and _plain(column, value) == "?" else ""


def _plain(column: str, value: str) -> str:
    """Return the value as the records write it; "?" where a choice is none."""
    if column == "urgent":
        said = value.lower()
        return "yes" if said in YES else "" if said in NO else "?"
    if column == SCALE and value:
        found = scale_read(value)
        return "?" if found is None else str(found)
    if column not in CHOICES or not value:
        return value
    return CHOICES[column].get(value.lower(), "?")


def _between(rows: list[ManifestRow]) -> list[Finding]:
    """Return what is wrong between rows: a file twice, one case with two patients."""
    findings: list[Finding] = []
    files: set[str] = set()
    patients: dict[str, str] = {}
    for row in rows:
        if row.filename and row.filename.casefold() in files:
            words = "Another row names the same file."
            findings.append(Finding("file_twice", words, row.line, row.filename, "filename"))
        files.add(row.filename.casefold())
        case, patient = row.values.get("accession", ""), row.values.get("patient", "")
        if case and patient and patients.setdefault(case, patient) != patient:
            words = "Another row gives this accession number to another patient."
            findings.append(Finding("patient_differs", words, row.line, row.filename, "patient"))
    return findings
