"""A CSV manifest: a row for each picture, its class, perhaps its patient, group and traits."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from hemaqueue.common.spreadsheets import as_written
from hemaqueue.training.layouts.base import Fault, Files, Found, Labelled, pictures_of, text_of
from jobcontract.traits import AGE, AGES, SUBJECTS, TRAITS, traits_kept

COLUMNS = {
    "file": ("filename", "file", "path", "image"),
    "name": ("label", "class", "category"),
    "subject": SUBJECTS,
    "group": ("group",),
    **{one: (one,) for one in TRAITS},
    AGE: AGES,
}
LONGEST = 64
MOST_UNKEPT = 30


def manifest_name(files: Files) -> str:
    """Return the first CSV file that has the columns, "" where there is none."""
    tables = [name for name in files.names() if name.lower().endswith(".csv")]
    return next((name for name in tables if _columns(_rows(files, name)[:1])), "")


def _rows(files: Files, name: str) -> list[list[str]]:
    text = text_of(files, name)
    first = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def _columns(head: list[list[str]]) -> dict[str, int]:
    """Return where each thing stands; {} unless file and class are among them."""
    names = [cell.strip().lower() for cell in head[0]] if head else []
    found = {
        what: names.index(known)
        for what, words in COLUMNS.items()
        if (known := next((word for word in words if word in names), ""))
    }
    return found if {"file", "name"} <= found.keys() else {}


def columns_unkept(files: Files) -> list[str]:
    """Return the columns of the manifest of which nothing is kept, in their order."""
    head = _rows(files, manifest_name(files))[:1]
    used = _columns(head).values()
    names = [cell.strip() for at, cell in enumerate(head[0]) if at not in used] if head else []
    return [name[:LONGEST] for name in names if name.isprintable() and name][:MOST_UNKEPT]


def read(files: Files) -> Found:
    rows = _rows(files, manifest_name(files))
    columns = _columns(rows[:1])
    by_last: dict[str, list[str]] = defaultdict(list)
    for picture in pictures_of(files.names()):
        by_last[picture.rpartition("/")[2].casefold()].append(picture)
    pictures: dict[str, Labelled] = {}
    faults: list[Fault] = []
    for cells in rows[1:]:
        said = {what: _cell(cells, at) for what, at in columns.items()}
        if not any(said.values()):
            continue
        found = _matching(said["file"], by_last)
        if len(found) == 1 and found[0] not in pictures:
            pictures[found[0]] = _labelled(found[0], said)
        else:
            faults.append(_fault(said["file"], found))
    words = "No row of the manifest names this file."
    left = [name for names in by_last.values() for name in names if name not in pictures]
    faults += [Fault(name, "file_without_row", words) for name in sorted(left)]
    return sorted(pictures.values(), key=lambda one: one.file), faults


def _cell(cells: list[str], at: int) -> str:
    return as_written(cells[at].strip()) if at < len(cells) else ""


def _matching(name: str, by_last: dict[str, list[str]]) -> list[str]:
    """Return the files that a row may mean: those whose path ends like the row's."""
    wanted = name.replace("\\", "/").removeprefix("./").casefold()
    some = by_last.get(wanted.rpartition("/")[2], [])
    return [one for one in some if f"/{one.casefold()}".endswith(f"/{wanted}")]


def _labelled(file: str, said: dict[str, str]) -> Labelled:
    subject, group = said.get("subject", "")[:LONGEST], said.get("group", "")[:LONGEST]
    return Labelled(file, said["name"], subject=subject, group=group, traits=traits_kept(said))


def _fault(name: str, found: list[str]) -> Fault:
    if not found:
        return Fault(name, "row_without_file", "There is no file of this name.")
    if len(found) == 1:
        return Fault(name, "file_twice", "Another row names the same file.")
    return Fault(name, "ambiguous_row", "Several files have this name. Write their whole paths.")
