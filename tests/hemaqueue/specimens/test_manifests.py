"""A manifest is read whatever spreadsheet wrote it; what cannot be meant is told, row by row."""

from __future__ import annotations

import pytest

from hemaqueue.common.errors import Refused
from hemaqueue.specimens.manifests import TEMPLATE, Manifest, manifest_read
from hemaqueue.specimens.matching import Match, manifest_match
from hemaqueue.specimens.services import CaseContext
from tests import factories

HEAD = "filename,accession,patient,specimen,stain,kind,urgent\n"
ROW = "one.png,BM-1,P-1,marrow,Giemsa,synthetic,yes\n"


def read(text: str) -> Manifest:
    return manifest_read(text.encode())


def codes(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in read(text).findings]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        manifest_read(data)
    return refused.value.code


def test_the_template_with_a_row_is_a_manifest() -> None:
    (row,) = read(TEMPLATE + ROW).rows
    assert row.filename == "one.png"
    assert row.values == {
        "accession": "BM-1", "patient": "P-1", "specimen": "marrow", "stain": "Giemsa",
        "kind": "synthetic", "urgent": "yes",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(encoding: str, separator: str, end: str) -> None:
    text = (HEAD + ROW).replace("marrow", "Bone marrow").replace("P-1", "Pé-1")
    data = text.replace(",", separator).replace("\n", end).encode(encoding)
    found = manifest_read(data)
    assert found.findings == []
    assert found.rows[0].values["patient"] == "Pé-1"
    assert found.rows[0].values["specimen"] == "marrow"


def test_what_the_manifest_leaves_empty_is_the_forms(db: None) -> None:
    usual = CaseContext(site=factories.SiteFactory(), accession="BM-9", stain="Wright", urgent=True)
    bare, full, calm = read("filename,stain,urgent\na.png,,yes\nb.png,Giemsa,yes\nc.png,,no\n").rows
    assert bare.context(usual) == usual
    assert full.context(usual).stain == "Giemsa"
    assert calm.context(usual).urgent is False


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("one.png,=cmd|' /C calc'!A0,,,,,", "formula"),
        ("one.png,+1,,,,,", "formula"),
        ("one.png,-1,,,,,", "formula"),
        ("one.png,@SUM(A1),,,,,", "formula"),
        ("=one.png,,,,,,", "formula"),
        ("one.png,BM\u202e1,,,,,", "unreadable_text"),
        (f"one.png,{'x' * 65},,,,,", "too_long"),
        ("one.png,,,liver,,,", "unknown_specimen"),
        ("one.png,,,,,tissue,", "unknown_kind"),
        ("one.png,,,,,,perhaps", "unknown_flag"),
        (",BM-1,,,,,", "no_filename"),
        ("one.png,,,,,,,,more", "too_many_cells"),
    ],
)
def test_a_value_that_cannot_be_meant_is_found(row: str, code: str) -> None:
    assert codes(HEAD + row) == [(2, code)]


def test_rows_that_contradict_each_other_are_found() -> None:
    rows = "a.png,BM-1,P-1,,,,\nA.PNG,BM-2,P-1,,,,\nb.png,BM-1,P-2,,,,\n"
    assert codes(HEAD + rows) == [(3, "file_twice"), (4, "patient_differs")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "manifest_columns"),
        (b"\n\n", "manifest_columns"),
        (b"accession\nBM-1\n", "manifest_columns"),
        (b"filename,name\na.png,Ann\n", "manifest_columns"),
        (b"filename,filename\na.png,b.png\n", "manifest_columns"),
        (HEAD.encode(), "manifest_empty"),
        (HEAD.encode() + b",,,,,,\n \n", "manifest_empty"),
        (HEAD.encode() + b"\x00\n", "manifest_unreadable"),
        (HEAD.encode() + "é".encode("latin-1"), "manifest_unreadable"),
        ((HEAD + ROW).encode("utf-16-le"), "manifest_unreadable"),
        (b"\xff\xfe\x00", "manifest_unreadable"),
        (HEAD.encode() + b'"open\n', "manifest_unreadable"),
        (HEAD.encode() + b"x" * 140_000 + b"\n", "manifest_unreadable"),
        (HEAD.encode() + b"x" * (10 << 20), "manifest_too_large"),
        (HEAD.encode() + b"a,,,,,,\n" * 2001, "manifest_too_large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "manifest_unreadable"),
    ],
)
def test_what_is_no_manifest_is_refused_whole(data: bytes, code: str) -> None:
    assert refusal(data) == code


def match(text: str, *files: str) -> Match:
    return manifest_match(read("filename,accession,patient\n" + text), files=files,
                          site=factories.SiteFactory())  # fmt: skip


def test_files_and_rows_that_are_left_over_are_named(db: None) -> None:
    found = match("a.png,BM-1,\nb.png,BM-1,\n", "a.png", "c.png")
    assert list(found.rows) == ["a.png"]
    assert [(one.code, one.line, one.filename) for one in found.findings] == [
        ("row_without_file", 3, "b.png"),
        ("file_without_row", 0, "c.png"),
    ]


def test_a_file_in_a_folder_is_found_by_its_last_name_where_that_is_unique(db: None) -> None:
    assert match("a.png,BM-1,\n", "tray 1/A.PNG").is_clean
    assert match(
        "tray 1/a.png,BM-1,\ntray 2/a.png,BM-2,\n", "tray 2/a.png", "tray 1/a.png"
    ).is_clean
    unsure = match("a.png,BM-1,\n", "tray 1/a.png", "tray 2/a.png")
    assert [one.code for one in unsure.findings].count("file_without_row") == 2


def test_a_case_that_is_here_keeps_its_patient(db: None) -> None:
    factories.CaseFactory(accession="BM-1", patient="P-1")
    assert match("a.png,BM-1,P-1\n", "a.png").is_clean
    (found,) = match("a.png,BM-1,P-2\n", "a.png").findings
    assert (found.code, found.line) == ("patient_differs", 2)
