"""The loop of the benchmark: its lots, its plot, and once around with a running system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import _curve, feedback_loop
from benchmarks._lots import cases_of, lots_of
from tests.training_worker.drawing import write_folders
from training_worker.folds import labelled


def test_no_group_is_in_two_lots(tmp_path: Path) -> None:
    write_folders(tmp_path / "train", per_class=20)
    write_folders(tmp_path / "val", per_class=8, seed=1)
    lots = lots_of(tmp_path, images=60, test=16, seed=0)
    groups = [{one.group for one in lot} for lot in (lots.first, lots.later, lots.test)]
    assert groups[0].isdisjoint(groups[1] | groups[2])
    assert groups[1].isdisjoint(groups[2])
    assert 0 < len(lots.first) < len(lots.later)
    assert {one.label for one in lots.first} == {one.label for one in lots.test}


def test_all_that_there_is_comes_in_where_it_is_asked_for(tmp_path: Path) -> None:
    write_folders(tmp_path / "train", per_class=20)
    write_folders(tmp_path / "val", per_class=8, seed=1)
    for picture in sorted((tmp_path / "train" / "Pro").iterdir())[8:]:
        picture.unlink()
    lots = lots_of(tmp_path, images=68, test=1000, seed=0)
    assert len(lots.first) + len(lots.later) == 68
    assert len(lots.test) == 32


def test_a_case_is_of_one_class_and_holds_whole_groups(tmp_path: Path) -> None:
    write_folders(tmp_path, per_class=7)
    samples = labelled(tmp_path)
    cases = cases_of(samples, size=3, seed=0)
    assert all(len({one.label for one in case}) == 1 for case in cases)
    places = {(one.group, number) for number, case in enumerate(cases) for one in case}
    assert len(places) == len({one.group for one in samples})
    assert sum(map(len, cases)) == len(samples)


def flip(sha256: str, *, this: str, against: str) -> dict[str, str]:
    return {"sha256": sha256, "label": "benign", "this": this, "against": against}


def test_what_changes_there_and_back_tells_the_last_from_the_first_no_more() -> None:
    steps = [
        [
            flip("a", this="pre_b", against="benign"),
            flip("b", this="benign", against="pro_b"),
            flip("d", this="pre_b", against="pro_b"),
        ],
        [flip("a", this="benign", against="pre_b"), flip("c", this="pro_b", against="benign")],
    ]
    found = _curve.last_against_first(steps)
    assert (found["only_last_right"], found["only_first_right"], found["p"]) == (1, 1, 1.0)


def order(*shares: float) -> dict[str, Any]:
    rounds = [
        {"images_read": 40 * number, "accuracy": share, "serving_accuracy": 0.5}
        for number, share in enumerate(shares, start=1)
    ]
    return {"rounds": rounds}


def test_the_plot_has_a_line_for_each_order_from_the_first_model_on() -> None:
    text = _curve.plot({"doubt": order(0.7, 0.9), "<random>": order(0.6, 0.8)})
    tree = ElementTree.fromstring(text)  # noqa: S314  we wrote it
    lines = tree.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [3, 3]
    heights = [float(one.split(",")[1]) for one in lines[0].attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)


def test_a_loop_in_which_nothing_was_trained_has_an_empty_plot() -> None:
    nothing = {"rounds": [{"accuracy": None, "images_read": 3, "serving_accuracy": None}]}
    text = _curve.plot({"doubt": nothing})
    assert ElementTree.fromstring(text).tag.endswith("svg")  # noqa: S314  we wrote it


@pytest.mark.long
def test_the_loop_once_around(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--images", "136", "--test", "48", "--rounds", "2", "--orders", "doubt"]
    given += ["--input-size", "64", "--first-epochs", "2", "--epochs", "1", "--case", "8"]
    given += ["--promote", "better"]
    assert feedback_loop.main([*given, "--out", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["orders"]["doubt"]
    first, last = found["rounds"]
    assert first["images_read"] < last["images_read"] >= 100
    assert sum(last["learned"].values()) <= last["images_read"]
    assert last["serving_accuracy"] is not None
    assert last["promoted"] in ("gates", "override", "refused")
    assert found["test"]["images"] >= 40
    assert last["wrong"] < 15
    assert (tmp_path / "accuracy-by-round.svg").read_text().startswith("<svg")
