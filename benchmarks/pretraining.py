"""Features learned without labels first, against from scratch: the same recipe, the same folds.

    ./hemaqueue bench pretraining --data DIR --out FOLDER [--others DIR …] [--fold K …]
        [--image-kind cell --folds 2 --pool] [--json]

For each fold a network learns without labels from what the fold's training may see and from all
pictures of the other folders; then the recipe runs twice, from those features and from nothing.
FOLDER keeps what is finished: the same command goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._machine import machine
from benchmarks._zoo_table import markdown
from deploy.local import environment
from deploy.local.paths import PYTHON, ROOT
from training_worker.fold_folder import FoldFolder
from training_worker.fold_report import BASELINE, FIGURES, summary
from training_worker.pretrained import NONE

SCRATCH, PRETRAINED = "scratch", "pretrained"


def words_of(asked: argparse.Namespace, fold: int, out: Path, *, pretrained: str) -> list[str]:
    """Return the command line that trains and scores one fold."""
    words: list[object] = [
        "--data", asked.data, "--image-kind", asked.image_kind, "--epochs", asked.epochs,
        "--augmentation", asked.augmentation, "--input-size", asked.input_size, "--threads", 1,
        "--folds", asked.folds, "--fold", fold, "--out", out, "--pretrained", pretrained,
        "--resume", *(["--pool"] if asked.pool else []),
    ]  # fmt: skip
    return [str(word) for word in words]


def run(asked: argparse.Namespace, fold: int, variant: str) -> None:
    """Train and score one fold, having learned without labels where the variant asks for it."""
    out = asked.out / variant
    if FoldFolder(out).figures(fold, "quick").is_file():
        return
    out.mkdir(parents=True, exist_ok=True)
    features = out / f"features-{fold}.safetensors"
    words = words_of(asked, fold, out, pretrained=str(features) if variant == PRETRAINED else NONE)
    with (out / f"fold-{fold}.log").open("ab") as log:
        if variant == PRETRAINED and not features.is_file():
            others = [str(folder) for folder in asked.others]
            task = {"others": others, "epochs": asked.unlabelled_epochs, "out": str(features)}
            script = ROOT / "benchmarks" / "_unlabelled.py"
            _process(log, script, json.dumps(task | {"words": words}))
        _process(log, "-m", "training_worker.train", *words)


def _process(log: Any, *words: object) -> None:
    env = environment.base() | environment.ONE_THREAD
    command = [str(PYTHON), *map(str, words)]
    ended = subprocess.run(command, env=env, cwd=ROOT, stdout=log, stderr=log, check=False)
    if ended.returncode:
        raise SystemExit(f"Not finished: see {log.name}; the same command goes on from there.")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    turns = [(fold, variant) for fold in asked.fold for variant in (PRETRAINED, SCRATCH)]
    with ThreadPoolExecutor(asked.jobs) as pool:
        list(pool.map(lambda turn: run(asked, *turn), turns))
    found: dict[str, Any] = {}
    for variant in (SCRATCH, PRETRAINED):
        files = [FoldFolder(asked.out / variant).figures(fold, "quick") for fold in asked.fold]
        found[variant] = summary([json.loads(file.read_text()) for file in files])
    features = sorted((asked.out / PRETRAINED).glob("features-*.json"))
    told = {"unlabelled": [json.loads(file.read_text()) for file in features]}
    return {"epochs": asked.epochs, "folds": asked.fold} | told | found | machine()


def readable(report: Mapping[str, Any]) -> str:
    """Return the table in Markdown, each figure the mean of the folds."""
    rows = []
    for name in FIGURES:
        scratch, first = (report[one]["figures"][name] for one in (SCRATCH, PRETRAINED))
        if scratch["mean"] is not None:
            values = (scratch["mean"], first["mean"], scratch[BASELINE]["mean"])
            rows.append([name, *("–" if value is None else f"{value:.3f}" for value in values)])
    heads = [report["machine"], "from scratch", "without labels first", "colour only"]
    return markdown(heads, rows)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="a folder per class, or train/ and val/ of such")
    add("--others", type=Path, nargs="*", default=[], help="further pictures, without labels")
    add("--out", type=Path, required=True, help="what is finished stays here")
    add("--image-kind", choices=("field", "cell"), default="field")
    add("--input-size", type=int, default=160)
    add("--epochs", type=int, default=40)
    add("--unlabelled-epochs", type=int, default=20)
    add("--augmentation", default="", help="as of ./hemaqueue train")
    add("--folds", type=int, default=5)
    add("--fold", type=int, nargs="+", default=[], help="only these")
    add("--pool", action="store_true", help="folds over train/ and val/ together")
    add("--jobs", type=int, default=1)
    add("--json", action="store_true")
    asked = parser.parse_args(arguments)
    asked.fold = asked.fold or list(range(1, asked.folds + 1))
    asked.data, asked.out = asked.data.absolute(), asked.out.absolute()
    asked.others = [folder.absolute() for folder in asked.others]
    return asked


def main(arguments: Sequence[str] | None = None) -> None:
    asked = parse(arguments)
    report = measure(asked)
    print(json.dumps(report, indent=1) if asked.json else readable(report))


if __name__ == "__main__":
    main()
