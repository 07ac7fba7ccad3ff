"""Which row of a manifest belongs to which file, and what is left over on either side."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hemaqueue.accounts.models import Site
from hemaqueue.specimens.manifests import Finding, Manifest, ManifestRow
from hemaqueue.specimens.models import Case


@dataclass(frozen=True)
class Match:
    """`rows` are the manifest's rows by the name of the file they belong to."""

    rows: dict[str, ManifestRow]
    findings: list[Finding]

    @property
    def is_clean(self) -> bool:
        return not self.findings


def manifest_match(manifest: Manifest, *, files: Sequence[str], site: Site) -> Match:
    """Match by the whole path, else by the last part of it where that is unique."""
    by_path = {_key(row.filename): row for row in manifest.rows if row.filename}
    by_last = _unique_by_last(manifest.rows)
    lasts = Counter(_key(_last(name)) for name in files)
    rows: dict[str, ManifestRow] = {}
    for name in files:
        row = by_path.get(_key(name))
        if row is None and lasts[_key(_last(name))] == 1:
            row = by_last.get(_key(_last(name)))
        if row is not None:
            rows[name] = row
    findings = [*manifest.findings, *_left_over(manifest, files=files, rows=rows)]
    return Match(rows, findings + list(_other_patients(manifest, site=site)))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().lstrip("./")


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _unique_by_last(rows: Iterable[ManifestRow]) -> dict[str, ManifestRow]:
    named = [row for row in rows if row.filename]
    counts = Counter(_key(_last(row.filename)) for row in named)
    found = {_key(_last(row.filename)): row for row in named}
    return {last: row for last, row in found.items() if counts[last] == 1}


def _left_over(
    manifest: Manifest, *, files: Sequence[str], rows: dict[str, ManifestRow]
) -> list[Finding]:
    used = {row.line for row in rows.values()}
    alone = [row for row in manifest.rows if row.filename and row.line not in used]
    no_file = "There is no file of this name."
    no_row = "No row of the manifest names this file."
    return [
        *(Finding("row_without_file", no_file, row.line, row.filename) for row in alone),
        *(Finding("file_without_row", no_row, 0, name) for name in files if name not in rows),
    ]


def _other_patients(manifest: Manifest, *, site: Site) -> Iterable[Finding]:
    """Yield the rows whose case is known here under another patient's pseudonym."""
    named = {row.values.get("accession", "") for row in manifest.rows} - {""}
    cases = Case.objects.filter(site=site, accession__in=named).exclude(patient="")
    known = dict(cases.values_list("accession", "patient"))
    words = "This case is here already, with another patient."
    for row in manifest.rows:
        patient = row.values.get("patient", "")
        if patient and known.get(row.values.get("accession", ""), patient) != patient:
            yield Finding("patient_differs", words, row.line, row.filename, "patient")
