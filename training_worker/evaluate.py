"""Judges a bundle on a folder of pictures: `python -m training_worker.evaluate --help`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference_worker import tensorflow_setup
from inference_worker.bundle import ModelIntegrity, load_bundle, served_bundle
from training_worker.refusals import require_bundle, require_pictures
from training_worker.suites import QUICK, SUITES


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training_worker.evaluate",
        description="Judge a bundle on a folder per class; of train/ and val/, val is scored.",
    )
    add = parser.add_argument
    add("--bundle", default="serving", help="a bundle's folder, or `serving`: the committed one")
    add("--against", help="compare with this bundle instead: a folder, or `serving`")
    add("--data", type=Path, required=True)
    add("--image-kind", choices=("field", "cell", "synthetic"), default="field", help="of DATA")
    add("--json", action="store_true", help="print one JSON object and nothing else")
    add("--suite", choices=SUITES, default=QUICK, help="full adds robustness and cost")
    add("--pictures", action="store_true", help="with --json: one row for each picture, too")
    add("--others", type=Path, nargs="+", default=[], help="folders of pictures of other kinds")
    add("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    given = parse(arguments)
    try:
        folder = folder_of(given.bundle, image_kind=given.image_kind)
        require_bundle(folder)
        if given.against:
            require_bundle(folder_of(given.against, image_kind=given.image_kind))
        require_pictures(given.data, classes=load_bundle(folder).facts.classes)
        tensorflow_setup.limit_threads(given.threads)
        text = _compared(given) if given.against else _judged(given)
    except (ModelIntegrity, ValueError, OSError) as error:
        sys.stderr.write(f"Not judged: {error}\n")
        return 2
    sys.stdout.write(text + "\n")
    return 0


def _judged(given: argparse.Namespace) -> str:
    report = report_for(
        given.bundle,
        data=given.data,
        image_kind=given.image_kind,
        suite=given.suite,
        pictures=given.pictures,
        others=given.others,
    )
    return json.dumps(report, indent=1) if given.json else readable(report)


def _compared(given: argparse.Namespace) -> str:
    from training_worker import comparing
    from training_worker.splits import parts_of

    bundle, against = (
        load_bundle(folder_of(name, image_kind=given.image_kind))
        for name in (given.bundle, given.against)
    )
    parts = parts_of(given.data, classes=bundle.facts.classes, image_kind=bundle.facts.image_kind)
    report = comparing.comparison(bundle, against, parts)
    return json.dumps(report, indent=1) if given.json else comparing.readable(report)


def report_for(
    bundle: str,
    *,
    data: Path,
    image_kind: str = "field",
    suite: str = QUICK,
    pictures: bool = False,
    others: Sequence[Path] = (),
) -> dict[str, Any]:
    """Return the figures of a bundle's folder, or of the bundle that serves such pictures."""
    from inference_worker.engine import Engine
    from training_worker.evaluation import evaluate
    from training_worker.groups import sha256_of
    from training_worker.samples import samples_digest
    from training_worker.splits import parts_of

    engine = Engine(load_bundle(folder_of(bundle, image_kind=image_kind)))
    parts = parts_of(data, classes=engine.facts.classes, image_kind=engine.facts.image_kind)
    digests = [sha256_of(sample.path) for sample in parts.scored] if pictures else []
    report = evaluate(
        engine,
        parts.scored,
        train=parts.train,
        split=parts.kind,
        suite=suite,
        digests=digests,
        others=others,
    )
    names = {"bundle": engine.facts.name, "digest": engine.bundle.digest}
    return names | {"data": data.name, "data_digest": samples_digest(parts.scored)} | report


def folder_of(bundle: str, *, image_kind: str) -> Path:
    """Return the folder that `--bundle` means."""
    return served_bundle(image_kind) if bundle == "serving" else Path(bundle)


def readable(report: dict[str, Any]) -> str:
    binary = report["binary"]
    low, high = report["intervals"]["accuracy"]
    lines = [
        f"bundle                 {report['bundle']} ({report['digest'][:12]})",
        f"pictures               {report['n']} ({report['split']})",
        f"accuracy               {report['accuracy']:.4f} [{low:.4f}, {high:.4f}]",
        f"macro recall           {report['macro_recall']:.4f}",
        f"malignant              sensitivity {_figure(binary['sensitivity'])}, "
        f"specificity {_figure(binary['specificity'])}, AUROC {_figure(binary['auroc'])}",
        f"calibration error      {report['ece']:.4f}",
        f"grey-scale             {report['grey_scale']['accuracy']:.4f}",
        f"stain shift            {_figures(report['stain_shift'])}",
    ]
    cells = report["white_cells"]
    lines.append(
        f"white cells            painted over {cells['removed_accuracy']:.4f}, "
        f"alone {cells['alone_accuracy']:.4f}"
    )
    if alone := report.get("colour_only_baseline"):
        lines.append(
            f"colour-only baseline   {alone['accuracy']:.4f}, grey {alone['grey_scale']:.4f}, "
            f"stain shift {_figures(alone['stain_shift'])}"
        )
    lines += _heatmaps(report["explanation_sanity"])
    lines += [
        f"stranger               {name}: AUROC {row['auroc']:.4f}, "
        f"flagged {row['flagged']:.4f}, n {row['n']}"
        for name, row in report.get("strangers", {}).items()
    ]
    lines += [
        f"  {code:<14} precision {row['precision']:.4f}  recall {row['recall']:.4f}  "
        f"f1 {row['f1']:.4f}  n {row['support']}"
        for code, row in report["per_class"].items()
    ]
    return "\n".join(lines)


def _heatmaps(found: dict[str, Any]) -> list[str]:
    if "skipped" in found:
        return []
    rows = (("head drawn anew", "head_redrawn"), ("all drawn anew", "redrawn"),
            ("stain shift", "stain_shift"))  # fmt: skip
    said = ", ".join(f"{word} {_figure(found[name]['correlation'])}" for word, name in rows)
    return [f"heatmaps alike         {said} (n {found['stain_shift']['n']})"]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _figures(values: list[float]) -> str:
    return " / ".join(f"{value:.4f}" for value in values)


if __name__ == "__main__":
    raise SystemExit(main())
