"""A manifest in words: what was read, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hemaqueue.specimens.manifests import Finding, ManifestRow
from hemaqueue.specimens.matching import Match

SHOWN_ROWS = 20
SHOWN_FINDINGS = 100
COLUMNS = ("accession", "patient", "specimen", "stain", "kind", "urgent", "microns_per_pixel")
WORDS: dict[str, Promise] = {
    "formula": _("A spreadsheet would run this value. Write it without = + - @ in front."),
    "too_long": _("The value is too long."),
    "unreadable_text": _("There is an invisible or an unreadable character in it."),
    "unknown_specimen": _("Specimen is blood or marrow."),
    "unknown_kind": _("Kind is field, cell or synthetic."),
    "unknown_flag": _("Urgent is yes or no."),
    "scale_out_of_range": _("Micrometres per pixel is a number from 0.01 to 10."),
    "too_many_cells": _("The row has more cells than columns."),
    "no_filename": _("The row names no file."),
    "file_twice": _("Another row names the same file."),
    "patient_differs": _("This accession number belongs to another patient."),
    "row_without_file": _("There is no file of this name."),
    "file_without_row": _("No row of the manifest names this file."),
}


@dataclass(frozen=True)
class Line:
    """`where` is the line in the file, 0 for a file that no row names."""

    where: int
    name: str
    cells: list[str]
    words: str = ""
    code: str = ""


@dataclass(frozen=True)
class ManifestShown:
    count: int
    rows: list[Line]
    more_rows: int
    findings: list[Line]
    more_findings: int


def manifest_shown(match: Match) -> ManifestShown:
    rows = list(match.rows.items())
    findings = match.findings
    return ManifestShown(
        count=len(rows),
        rows=[_row(name, row) for name, row in rows[:SHOWN_ROWS]],
        more_rows=max(0, len(rows) - SHOWN_ROWS),
        findings=[_finding(one) for one in findings[:SHOWN_FINDINGS]],
        more_findings=max(0, len(findings) - SHOWN_FINDINGS),
    )


def _row(name: str, row: ManifestRow) -> Line:
    return Line(row.line, name, [row.values.get(column, "") for column in COLUMNS])


def _finding(one: Finding) -> Line:
    return Line(one.line, one.filename, [one.column], str(WORDS[one.code]), one.code)
