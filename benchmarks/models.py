"""All networks of the zoo, trained with the same CPU minutes on the same folds, from scratch.

    ./hemaqueue bench models --fields DIR [--cells DIR] [--boxes DIR] --out FOLDER [--json]

One process with one thread for each network and fold; the minutes are those of its CPU, so that a
busy machine changes little. FOLDER keeps what is finished, with a plot of each part: the same
command goes on where it ended. Pictures are named by path; none belongs to the project.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import _zoo_plot
from benchmarks._lots import reduced
from benchmarks._machine import machine
from benchmarks._zoo_table import boxes_table, cells_table, disturbed_table, fields_table
from deploy.local import environment
from deploy.local.paths import PYTHON, ROOT
from inference_worker.networks import network_names
from training_worker.fold_folder import FoldFolder
from training_worker.recipes import recipe_of
from training_worker.refusals import NotPossible

FIELD_FOLDS = 5
CELL_FOLDS = 2  # one for each healthy person of the set at hand
CELL_NETWORKS = ("smearnet", "lenet_lld", "cnn4", "mobilenet_v2", "deep_svm")
BOX_NETWORKS = ("regions", "boxnet")
FIELDS, CELLS, BOXES = "fields", "cells", "boxes"
ENDLESS = "100000"


@dataclass(frozen=True)
class Lesson:
    """One network on one fold of one part; `kept` is where its figures come to lie."""

    part: str
    network: str
    fold: int
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.part}-{self.network}-{self.fold}"

    @property
    def kept(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def figures(self) -> dict[str, Any]:
        found = json.loads(self.kept.read_text())
        if self.part == BOXES:
            return found
        learned = sum(found["dataset"]["learned"].values())
        return found | {"epochs_whole": found["steps"] * found["batch_size"] / learned}


def lessons(asked: argparse.Namespace) -> Iterator[Lesson]:
    """Yield what there is to do: one whole round of a part before the next round."""
    if asked.boxes:
        yield from (Lesson(BOXES, one, 1, asked.out) for one in BOX_NETWORKS)
    if asked.fields:
        rounds = [(fold, one) for fold in asked.folds for one in asked.networks]
        yield from (Lesson(FIELDS, one, fold, asked.out) for fold, one in rounds)
    if asked.cells:
        rounds = [(fold + 1, one) for fold in range(CELL_FOLDS) for one in asked.cell_networks]
        yield from (Lesson(CELLS, one, fold, asked.out) for fold, one in rounds)


def run(lesson: Lesson, asked: argparse.Namespace) -> int:
    """Run one lesson's process to its end, unless its figures are there; return its status."""
    if lesson.kept.is_file():
        return 0
    script = "_box_lesson.py" if lesson.part == BOXES else "_lesson.py"
    words = _of_boxes(lesson, asked) if lesson.part == BOXES else _of_classes(lesson, asked)
    command = [str(PYTHON), str(ROOT / "benchmarks" / script), json.dumps(words)]
    env = environment.base() | environment.ONE_THREAD
    with (lesson.folder / f"{lesson.name}.log").open("ab") as log:
        ended = subprocess.run(command, env=env, cwd=ROOT, stdout=log, stderr=log, check=False)
    print(f"{lesson.name}: {'done' if not ended.returncode else 'FAILED'}", file=sys.stderr)
    return ended.returncode


def _of_boxes(lesson: Lesson, asked: argparse.Namespace) -> dict[str, Any]:
    return {
        "network": lesson.network,
        "data": str(asked.boxes),
        "out": str(lesson.folder / lesson.name),
        "minutes": asked.box_minutes or asked.minutes,
        "input_size": _size(lesson, asked, own=recipe_of(lesson.network).input_size),
        "kept": str(lesson.kept),
    }


def _of_classes(lesson: Lesson, asked: argparse.Namespace) -> dict[str, Any]:
    """Return the words of the command line that trains and scores one fold."""
    cell = lesson.part == CELLS
    out, kind = lesson.folder / lesson.name, "cell" if cell else "field"
    size = _size(lesson, asked, own=recipe_of(lesson.network, image_kind=kind).input_size)
    words: list[object] = [
        "--data", asked.cells if cell else asked.fields, "--network", lesson.network,
        "--out", out, "--image-kind", kind, "--epochs", ENDLESS, "--minutes", asked.minutes,
        "--clock", "cpu", "--input-size", size, "--threads", 1,
        "--folds", CELL_FOLDS if cell else FIELD_FOLDS, "--fold", lesson.fold,
        *(["--pool"] if cell else []),
    ]  # fmt: skip
    out.mkdir(exist_ok=True)
    return {
        "train": [str(word) for word in words],
        "out": str(out),
        "fold": lesson.fold,
        "disturbed": asked.disturbed,
        "kept": str(lesson.kept),
    }


def _size(lesson: Lesson, asked: argparse.Namespace, *, own: int) -> int:
    return min(own, asked.largest_input) if asked.largest_input else own


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    plan = {name: getattr(asked, name) for name in ("minutes", "largest_input", "pictures")}
    folder = FoldFolder(asked.out)
    folder.require_own(plan, resume=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    folder.keep(folder.plan, plan)
    wanted = list(lessons(asked))
    if asked.fields and asked.pictures:
        asked.fields = reduced(asked.fields, asked.out / FIELDS, count=asked.pictures)
    if not asked.finished:
        with ThreadPoolExecutor(asked.jobs) as pool:
            list(pool.map(lambda one: run(one, asked), wanted))
    done = [one for one in wanted if one.kept.is_file()]
    found: dict[str, dict[str, list[Any]]] = {}
    for one in done:
        found.setdefault(one.part, {}).setdefault(one.network, []).append(one.figures)
    for part in (FIELDS, CELLS):
        if part in found:
            (asked.out / f"{part}.svg").write_text(_zoo_plot.plot(found[part]))
    missing = [one.name for one in wanted if one not in done]
    return plan | {"threads": 1, "missing": missing, "lessons": found} | machine()


def readable(report: Mapping[str, Any]) -> str:
    """Return the tables in Markdown, with what was run above them."""
    found = report["lessons"]
    lines = [f"{report['minutes']} CPU minutes each, one thread; {report['machine']}", ""]
    if FIELDS in found:
        lines += [fields_table(found[FIELDS]), "", disturbed_table(found[FIELDS]), ""]
    if CELLS in found:
        lines += [cells_table(found[CELLS]), ""]
    if BOXES in found:
        lines += [boxes_table(found[BOXES], found.get(FIELDS, {}).get("boxnet", [])), ""]
    return "\n".join([*lines, f"missing: {', '.join(report['missing']) or 'nothing'}"])


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--fields", type=Path, help="four classes of fields: train/ and val/, a folder per class")
    add("--cells", type=Path, help="single cells with a subject in their names")
    add("--boxes", type=Path, help="fields with boxes of white cells beside them: train/ and val/")
    add("--out", type=Path, required=True, help="what is finished stays here")
    add("--minutes", type=float, default=30.0, help="of CPU, for each network and fold")
    add("--box-minutes", type=float, default=0.0, help="the same for boxes; 0: as --minutes")
    add("--folds", type=int, nargs="+", default=list(range(1, FIELD_FOLDS + 1)))
    add("--networks", nargs="+", default=network_names(), choices=network_names())
    add("--cell-networks", nargs="*", default=CELL_NETWORKS, choices=network_names())
    add("--largest-input", type=int, default=0, help="side in pixels; 0: as its report has it")
    add("--pictures", type=int, default=0, help="so many fields, the classes alike; 0: all")
    add("--disturbed", type=int, default=100, help="pictures of a fold that are disturbed")
    add("--finished", action="store_true", help="train nothing: tell what is finished")
    add("--jobs", type=int, default=1)
    add("--json", action="store_true")
    asked = parser.parse_args(arguments)
    for name in ("fields", "cells", "boxes", "out"):
        if path := getattr(asked, name):
            setattr(asked, name, path.absolute())
    return asked


def main(arguments: list[str] | None = None) -> int:
    asked = parse(arguments)
    try:
        report = measure(asked)
    except NotPossible as refusal:
        print(f"Not run: {refusal}", file=sys.stderr)
        return 2
    print(json.dumps(report, indent=1) if asked.json else readable(report))
    return 1 if report["missing"] else 0


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    raise SystemExit(main())
