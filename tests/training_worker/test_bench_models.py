"""The comparison of the networks, from folders of drawn pictures to tables, and on from there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import cv2
import pytest

from benchmarks import _zoo_plot, _zoo_table, models
from tests.training_worker.drawing import draw, write_folders

XML = """<annotation><size><width>48</width><height>48</height></size><object><name>WBC</name>
<bndbox><xmin>8</xmin><ymin>8</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_folders(root / "fields" / "train", per_class=8)
    write_folders(root / "fields" / "val", per_class=1, seed=1)
    for part, count in (("train", 6), ("val", 2)):
        folder = root / "boxes" / part
        folder.mkdir(parents=True)
        for number in range(count):
            cv2.imwrite(str(folder / f"{number}.png"), draw(3, seed=100 * count + number))
            (folder / f"{number}.xml").write_text(XML)
    return root


def words(data: Path, out: Path) -> list[str]:
    return [
        "--fields", f"{data}/fields", "--boxes", f"{data}/boxes", "--out", str(out), "--json",
        "--minutes", "0.02", "--folds", "2", "--networks", "cnn4", "--largest-input", "32",
        "--disturbed", "4", "--pictures", "24",
    ]  # fmt: skip


@pytest.mark.long
def test_finished_lessons_stay_and_the_tables_tell_them(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models.main(words(data, tmp_path)) == 0
    report = json.loads(capsys.readouterr().out)
    (one,) = report["lessons"]["fields"]["cnn4"]
    assert (one["fold"], one["input_size"]) == (2, 32)
    assert one["training"]["minutes"] < 1
    learned = one["dataset"]["learned"], one["dataset"]["held_out"]
    assert one["n"] + sum(sum(counts.values()) for counts in learned) == 24
    assert {row["network"] for rows in report["lessons"]["boxes"].values() for row in rows} == {
        "boxnet", "regions",
    }  # fmt: skip
    before = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*-*.json")}
    assert models.main(words(data, tmp_path)) == 0
    assert before == {file: file.stat().st_mtime_ns for file in tmp_path.glob("*-*.json")}
    table = models.readable(report)
    assert "| `cnn4` | 32 |" in table
    assert "accuracy over 90 %" in table
    assert "missing: nothing" in table


def test_other_minutes_are_not_mixed_in(data: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(
        json.dumps({"minutes": 5.0, "largest_input": 32, "pictures": 24})
    )
    assert models.main(words(data, tmp_path)) == 2


def test_a_whole_round_comes_before_the_next(tmp_path: Path) -> None:
    asked = models.parse(
        ["--fields", "x", "--cells", "y", "--out", str(tmp_path), "--folds", "1", "2"]
    )
    asked.networks, asked.cell_networks = ["cnn4", "unet"], ["lenet_lld"]
    names = [one.name for one in models.lessons(asked)]
    assert names == [
        "fields-cnn4-1", "fields-unet-1", "fields-cnn4-2", "fields-unet-2",
        "cells-lenet_lld-1", "cells-lenet_lld-2",
    ]  # fmt: skip


def test_a_lesson_that_fails_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--fields", str(tmp_path), "--out", str(tmp_path), "--networks", "cnn4"]
    assert models.main([*given, "--folds", "1", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["missing"] == ["fields-cnn4-1"]


def fold(number: int, recall: float, **more: Any) -> dict[str, Any]:
    return {
        "fold": number, "n": 40, "input_size": 96, "parameters": 1_000_000, "cpu_ms": 2.0,
        "epochs_whole": 3.0, "accuracy": recall, "macro_recall": recall, "stain_shift": [0.9] * 3,
        "classes": ["a", "b", "c", "d"],
        "intervals": {"accuracy": [recall - 0.1, recall + 0.05]},
        "binary": {"sensitivity": None, "specificity": 0.5, "auroc": 0.75},
        "colour_only_baseline": {
            "accuracy": 0.975, "auroc": 0.9, "stain_shift": [0.8, 0.6, 0.4], "grey_scale": 0.3,
        },
    } | more  # fmt: skip


BY_NETWORK = {
    "cnn4": [fold(1, 0.5), fold(2, 0.7)],
    "unet": [fold(1, 0.9, grey_scale={"accuracy": 0.6})],
    "lenet_lld": [fold(1, 0.8, classes=["a", "b"], n=39, colour_only_baseline={"accuracy": 0.1})],
    "vgg16": [],
}


def lines_of(table: str) -> list[dict[str, str]]:
    head, _, *rows = ([cell.strip() for cell in line.split("|")] for line in table.splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_best_stands_first_and_colour_alone_last() -> None:
    best, *_, second, colour = lines_of(_zoo_table.fields_table(BY_NETWORK))
    assert (best["network"], best["folds (n)"]) == ("`unet`", "1 (40)")
    assert best["accuracy"] == "90.0 % [80–95]"
    assert (second["folds (n)"], second["accuracy"]) == ("1 (40), 2 (40)", "60.0 % [50–70]")
    assert (colour["accuracy"], colour["AUROC"]) == ("97.5 % [91–99]", "0.900")
    assert (colour["sensitivity"], colour["folds (n)"]) == ("–", "80")


def test_what_is_left_without_the_colours_stands_beside_what_colour_alone_keeps() -> None:
    best, *_, colour = lines_of(_zoo_table.disturbed_table(BY_NETWORK))
    assert (best["grey"], best["CPU ms"]) == ("60.0 %", "2.0")
    assert (colour["3"], colour["grey"], colour["disturbed"]) == ("40.0 %", "30.0 %", "–")


def test_single_cells_have_a_row_for_each_person_left_out() -> None:
    rows = lines_of(_zoo_table.cells_table({"cnn4": BY_NETWORK["cnn4"]}))
    assert [(row["network"], row["left out (n)"]) for row in rows] == [
        ("`cnn4`", "1 (40)"), ("`cnn4`", "2 (40)"), ("colour only", "40"), ("colour only", "40"),
    ]  # fmt: skip


def test_the_plot_has_a_line_for_each_network_and_a_mark_for_colour_alone() -> None:
    svg = _zoo_plot.plot(BY_NETWORK)
    texts = re.findall(r">([^<]+)</text>", svg)
    assert [text for text in texts if text in BY_NETWORK] == ["unet", "lenet_lld", "cnn4"]
    assert svg.count(f'stroke="{_zoo_plot.COLOUR}"') == 4  # two marks, and the two of the legend
    assert _zoo_plot.plot({}).count(f'stroke="{_zoo_plot.COLOUR}"') == 2


def test_nothing_is_trained_where_only_what_is_finished_is_asked_for(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--fields", str(data / "fields"), "--out", str(tmp_path), "--networks", "cnn4"]
    assert models.main([*given, "--folds", "1", "--finished", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["missing"] == ["fields-cnn4-1"]
    assert not (tmp_path / "fields-cnn4-1").exists()
