"""Five ways in which a data set may say what its pictures show, and what is wrong in each."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hemaqueue.training.layouts import NoPictures, Reading, layout_of, read_files
from tests.hemaqueue.training.importing import MemoryFiles

PICTURE = b"a picture, never opened here"
VOC = """<annotation><size><width>200</width><height>100</height></size>
<object><name>WBC</name><bndbox><xmin>20</xmin><ymin>10</ymin><xmax>60</xmax><ymax>50</ymax>
</bndbox></object></annotation>"""


def read(files: Mapping[str, bytes | str], layout: str = "") -> Reading:
    return read_files(MemoryFiles(files), layout=layout)


def faults(found: Reading) -> list[tuple[str, str]]:
    return [(one.file, one.code) for one in found.faults]


def test_a_folder_names_the_class() -> None:
    found = read({"train/Benign/a.png": PICTURE, "Early/b.jpg": PICTURE, "c.png": PICTURE})
    assert found.layout == "folders"
    assert [(one.file, one.name) for one in found.pictures] == [
        ("Early/b.jpg", "Early"), ("train/Benign/a.png", "Benign"),
    ]  # fmt: skip
    assert faults(found) == [("c.png", "no_class")]


def test_a_manifest_names_class_patient_and_group() -> None:
    table = "Filename;Label;patient;group\nx/a.png;Pre;P-1;g1\nb.png;Pro;;\nnone.png;Pro;;\n"
    found = read({"set/x/a.png": PICTURE, "b.png": PICTURE, "c.png": PICTURE, "list.csv": table})
    assert found.layout == "csv"
    assert [(one.file, one.name, one.subject, one.group) for one in found.pictures] == [
        ("b.png", "Pro", "", ""), ("set/x/a.png", "Pre", "P-1", "g1"),
    ]  # fmt: skip
    assert faults(found) == [("none.png", "row_without_file"), ("c.png", "file_without_row")]


def test_a_row_that_means_two_files_is_told_of() -> None:
    table = "filename,label\na.png,Pre\nb.png,Pro\n"
    found = read({"1/a.png": PICTURE, "2/a.png": PICTURE, "b.png": PICTURE, "list.csv": table})
    assert ("a.png", "ambiguous_row") in faults(found)


def test_yolo_takes_the_class_of_most_boxes() -> None:
    text = "1 .5 .5 .1 .1\n1 .2 .2 .1 .1\n0 .5 .5 .9 .9\n"
    files = {"images/a.png": PICTURE, "labels/a.txt": text, "classes.txt": "Benign\nPre\n"}
    found = read(files)
    assert found.layout == "yolo"
    (one,) = found.pictures
    assert (one.name, len(one.boxes), one.boxes[2].name) == ("Pre", 3, "Benign")


@pytest.mark.parametrize("line", ["0 .5 .5 .1", "x .5 .5 .1 .1", "0 1.5 .5 .1 .1", "0 .5 .5 0 .1",
                                  "0 nan .5 .1 .1"])  # fmt: skip
def test_a_yolo_line_that_is_no_box_leaves_its_picture_out(line: str) -> None:
    files = {"a.png": PICTURE, "a.txt": line, "b.png": PICTURE, "b.txt": "0 .5 .5 .1 .1"}
    found = read(files, "yolo")
    assert faults(found) == [("a.png", "bad_label")]
    assert [one.name for one in found.pictures] == ["0"]


def test_yolo_reads_its_names_from_yaml() -> None:
    files = {"a.png": PICTURE, "a.txt": "1 .5 .5 .1 .1", "data.yaml": "names: [Benign, Early]"}
    assert read(files).pictures[0].name == "Early"


def test_voc_boxes_become_shares_of_the_picture() -> None:
    found = read({"JPEGImages/a.jpg": PICTURE, "Annotations/a.xml": VOC, "b.jpg": PICTURE})
    assert found.layout == "voc"
    (one,) = found.pictures
    assert one.boxes[0] == ("WBC", 0.2, 0.3, 0.2, 0.4)
    assert faults(found) == [("b.jpg", "no_label")]


@pytest.mark.parametrize("text", ["no xml", "<a/>", '<!DOCTYPE x [<!ENTITY a "b">]><a/>'])
def test_an_annotation_that_describes_no_boxes_is_told_of(text: str) -> None:
    files = {"a.jpg": PICTURE, "a.xml": text, "b.jpg": PICTURE, "b.xml": VOC}
    found = read(files)
    boxless = [one for one in found.pictures if not one.boxes]
    assert faults(found) == [("a.jpg", "bad_label")] or [one.file for one in boxless] == ["a.jpg"]


def test_a_cnmc_name_is_a_subject_and_perhaps_a_class() -> None:
    found = read({"UID_H10_3_1_hem.png": PICTURE, "ALL/UID_23_10_1.png": PICTURE})
    assert found.layout == "cnmc"
    assert [(one.name, one.subject) for one in found.pictures] == [("ALL", "23"), ("hem", "H10")]


def test_a_lone_text_does_not_make_it_yolo() -> None:
    assert layout_of(MemoryFiles({"Benign/a.png": PICTURE, "README.txt": "Hello"})) == "folders"


def test_without_pictures_there_is_no_set() -> None:
    with pytest.raises(NoPictures):
        read({"README.txt": "Hello"})
