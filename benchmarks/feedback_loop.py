"""The feedback loop, closed: a model learns from what simulated clinicians confirm of its results.

    ./hemaqueue bench feedback_loop [--data DIR] --out FOLDER [--orders NAME ...] [--json]

The first model learns from a fifth of the train part. A throw-away system serves it; the rest is
sent in, read round by round in one order of work, signed, and what is signed so far teaches the
serving version. Candidate and serving version are judged on a frozen test set that shares no group
with anything else. Each order begins anew from the same first model; FOLDER keeps what is finished.
Without DIR smears are drawn.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import _curve
from benchmarks._bench import scratch, serving
from benchmarks._clinic import Clinic
from benchmarks._lots import Lots, cases_of, lots_of, write_links
from benchmarks._machine import machine
from deploy.local import environment
from deploy.local.paths import PYTHON, ROOT

ORDERS = ("doubt", "random", "oldest")
DRAWN_SIZE = 224
GATES, BETTER = "gates", "better"


def first_model(lots: Lots, asked: argparse.Namespace) -> Path:
    """Train the first model on its lot, unless it is there."""
    bundle: Path = asked.out / "first"
    if (bundle / "bundle.json").is_file():
        return bundle
    words = [
        "-m", "training_worker.train", "--data", write_links(asked.out / "first-lot", lots.first),
        "--network", asked.network, "--image-kind", asked.kind, "--out", bundle,
        "--epochs", asked.first_epochs, "--input-size", asked.input_size, "--resume",
    ]  # fmt: skip
    command = [str(PYTHON), *map(str, words)]
    env = environment.base() | environment.ONE_THREAD
    with (asked.out / "first.log").open("ab") as log:
        subprocess.run(command, check=True, env=env, cwd=ROOT, stdout=log, stderr=log)
    return bundle


@contextmanager
def clinic(bundle: Path, asked: argparse.Namespace) -> Iterator[Clinic]:
    """Start a throw-away system that the bundle serves."""
    with scratch() as folder, serving(bundle, folder / "data", processes=1) as system:
        logins = {one["username"]: one["password"] for one in system.people["logins"]}
        yield Clinic(system, asked.kind, logins)


def one_order(order: str, lots: Lots, bundle: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Return what every round of one order of work gave."""
    chance = random.Random(f"{asked.seed} {order}")
    rounds: list[dict[str, Any]] = []
    way: list[list[dict[str, Any]]] = []
    with clinic(bundle, asked) as running:
        frozen = running.freeze(lots.test)
        running.send(cases_of(lots.later, size=asked.case, seed=asked.seed))
        read = wrong = 0
        for number in range(1, asked.rounds + 1):
            begun = time.monotonic()
            wanted = round(len(lots.later) * number / asked.rounds)
            for case in _in_order(running, order, chance):
                if read >= wanted:
                    break
                images, errors = running.read(case, errors=asked.errors, chance=chance)
                read, wrong = read + images, wrong + errors
            run = running.trained(epochs=asked.epochs, seed=asked.seed + number)
            row = {"round": number, "images_read": read, "wrong": wrong} | _figures(run)
            row["promoted"] = (
                _promoted(running, run, row, asked) if run else f"not trained: {running.obstacle}"
            )
            row["seconds"] = round(time.monotonic() - begun)
            rounds.append(row)
            flips = run["metrics"]["frozen"]["against_serving"]["flips"] if run else []
            if row["promoted"] in ("gates", "override") or number == asked.rounds:
                way.append(flips)
            print(f"{order}: {json.dumps(row)}", file=sys.stderr, flush=True)
    return {
        "test": {"images": frozen["images"], "groups": frozen["groups"]},
        "first": len(lots.first),
        "rounds": rounds,
        "last_against_first": _curve.last_against_first(way),
    }


def _in_order(running: Clinic, order: str, chance: random.Random) -> list[str]:
    """Return what waits: by the worklist's own orders, or by chance."""
    if order != "random":
        return running.waiting(order)
    waiting = running.waiting("oldest")
    chance.shuffle(waiting)
    return waiting


def _figures(run: dict[str, Any]) -> dict[str, Any]:
    """Return the candidate's figures on the frozen test set beside the serving version's."""
    frozen = run["metrics"]["frozen"] if run else {}
    binary, serving = frozen.get("binary", {}), frozen.get("serving", {})
    compared = frozen.get("against_serving", {}).get("mcnemar", {}).get("classes", {})
    return {
        "learned": run["snapshot"]["counts"] if run else {},
        "accuracy": frozen.get("accuracy"),
        "macro_recall": frozen.get("macro_recall"),
        "sensitivity": binary.get("sensitivity"),
        "specificity": binary.get("specificity"),
        "ece": frozen.get("ece"),
        "serving_accuracy": serving.get("accuracy"),
        "against_serving": compared,
        "gates_not_passed": [
            one["name"] for one in (run or {}).get("gates", ()) if not one["passed"]
            and one["name"] != "card"
        ],
    }  # fmt: skip


def _promoted(
    running: Clinic, run: dict[str, Any], row: dict[str, Any], asked: argparse.Namespace
) -> str:
    """Promote where the gates allow it, or where it is better and that is asked for."""
    better = row["accuracy"] > row["serving_accuracy"]
    said = f"Better on the frozen test set: {row['accuracy']:.3f}, {row['serving_accuracy']:.3f}"
    return running.promoted(run, override=said if asked.promote == BETTER and better else "")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    asked.out.mkdir(parents=True, exist_ok=True)
    lots = lots_of(_data(asked), images=asked.images, test=asked.test, seed=asked.seed)
    bundle = first_model(lots, asked)
    found = {}
    for order in asked.orders:
        kept = asked.out / f"{order}.json"
        if not kept.is_file():
            part = kept.with_suffix(".part")
            part.write_text(json.dumps(one_order(order, lots, bundle, asked), indent=1) + "\n")
            part.replace(kept)
        found[order] = json.loads(kept.read_text())
    (asked.out / "accuracy-by-round.svg").write_text(_curve.plot(found))
    names = (
        "images",
        "test",
        "case",
        "rounds",
        "epochs",
        "first_epochs",
        "errors",
        "promote",
        "seed",
    )
    return {name: getattr(asked, name) for name in names} | {"orders": found} | machine()


def _data(asked: argparse.Namespace) -> Path:
    """Return the folder of the pictures: the one named, or drawn smears."""
    if asked.data:
        return Path(asked.data)
    from training_worker.synthetic import write_folder

    for part, count, seed in (("train", asked.images, 1), ("val", asked.test, 2)):
        folder = asked.out / "drawn" / part
        if not folder.is_dir():
            write_folder(folder, per_class=-(-count // 4), seed=seed, size=DRAWN_SIZE)
    return asked.out / "drawn"


def readable(report: dict[str, Any]) -> str:
    """Return the table, and for each order the last version against the first."""
    lines = [_curve.table(report["orders"]), ""]
    for order, found in report["orders"].items():
        test = found["last_against_first"]
        lines.append(
            f"{order}: last against first on {found['test']['images']} pictures, only one right "
            f"{test['only_last_right']} : {test['only_first_right']}, p = {test['p']:.2g}"
        )
    return "\n".join(lines)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add(
        "--data", type=Path, help="train/ and val/, a folder per class; without it smears are drawn"
    )
    add("--out", type=Path, required=True, help="what is finished stays here")
    add("--images", type=int, default=600, help="a fifth for the first model, the rest comes in")
    add("--test", type=int, default=240, help="pictures of the frozen test set")
    add("--case", type=int, default=6, help="pictures of one case, all of one class")
    add("--rounds", type=int, default=3)
    add("--orders", nargs="+", default=ORDERS, choices=ORDERS)
    add("--network", default="smearnet")
    add("--input-size", type=int, default=96)
    add("--first-epochs", type=int, default=40)
    add("--epochs", type=int, default=8, help="of each round")
    add("--errors", type=float, default=0.03, help="share of labels that are wrong by chance")
    add("--promote", choices=(GATES, BETTER), default=GATES, help="better: by an override, too")
    add("--seed", type=int, default=0)
    add("--json", action="store_true")
    asked = parser.parse_args(arguments)
    asked.out, asked.kind = asked.out.absolute(), "field" if asked.data else "synthetic"
    return asked


def main(arguments: list[str] | None = None) -> int:
    asked = parse(arguments)
    report = measure(asked)
    print(json.dumps(report, indent=1) if asked.json else readable(report))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
