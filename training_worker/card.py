"""Writes a bundle's model card from its facts: every figure in it was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference_worker.bundle import BundleFacts
from training_worker.card_data import data_text, is_snapshot, limits_text


def card_text(facts: BundleFacts) -> str:
    """Return the card in Markdown."""
    parts = [_head(facts), _data(facts), _figures(facts), _limits(facts)]
    return "\n".join(parts)


def _head(facts: BundleFacts) -> str:
    note = "**Demonstration only.** " if facts.demonstration else ""
    training = facts.training
    return f"""\
# {facts.name}

{note}Research use only: not a medical device, and no basis for treatment.

| | |
|---|---|
| network | `{facts.network}`, input {facts.input_size}×{facts.input_size}, \
preprocessing `{facts.preprocessing}` |
| parameters | {facts.training.get("parameters", 0):,} |
| classes | {", ".join(one.name for one in facts.classes)} |
| training | {_start(facts)}, {training["epochs"]} epochs in {training["minutes"]} minutes\
{_early_end(training)}, seed {training["settings"]["seed"]}; best weights of epoch \
{training["best_epoch"]} by groups held out of the training part |
| learning | {"; ".join(_epochs(training))} |
| temperature | {facts.temperature:.3f} |
| thresholds | malignant from {facts.thresholds.decision:.3f}, uncertain below \
{facts.thresholds.abstain:.3f}, out of distribution above \
{facts.thresholds.out_of_distribution:.3f} |
| training set | {facts.dataset["images"]} pictures in {facts.dataset["groups"]} groups, \
digest `{facts.dataset["digest"][:16]}` |
| code | `{facts.code_version}` |
"""


def _start(facts: BundleFacts) -> str:
    training = facts.training
    if parent := training.get("goes_on_from"):
        return f"goes on from {parent}"
    source = training.get("pretrained", "none")
    return "from scratch" if source == "none" else f"from pretrained weights ({source})"


def _early_end(training: dict[str, Any]) -> str:
    if not training.get("ended_early"):
        return ""
    asked = training["settings"]
    return f" (of {asked['epochs']}; ended early: nothing got better for {asked['patience']})"


def _epochs(training: dict[str, Any]) -> Iterator[str]:
    """Yield what the best epoch came to, and the last; earlier releases did not keep the last."""
    for word, name in (("best", "held_out"), ("last", "last")):
        if "check_loss" in (one := training.get(name) or {}):
            yield (
                f"epoch {one['epoch']}, the {word}, after {one['seconds']:.0f} s: loss "
                f"{one['loss']:.3f}, held out {one['check_loss']:.3f}, accuracy held out "
                f"{_percent(one['check_accuracy'])}"
            )


def _data(facts: BundleFacts) -> str:
    return f"## Data\n\n{data_text(facts)}\n"


def _figures(facts: BundleFacts) -> str:
    found = facts.metrics
    if not found:
        return "## Figures\n\nNot scored: the data had no validation part.\n"
    return f"""\
## Figures

n = {found["n"]}; split: {found["split"]}. Weights, temperature and thresholds were chosen on
{_chosen_on(facts)}. 95 % intervals by bootstrap over groups.

{_table(found)}

| class | precision | recall | F1 | n |
|---|---|---|---|---|
{_classes(facts)}

{_confusion(facts)}
"""


def _chosen_on(facts: BundleFacts) -> str:
    if is_snapshot(facts):
        return "the pictures of these figures, which flatters them"
    return "groups held out of the training part"


def _confusion(facts: BundleFacts) -> str:
    names = [one.name for one in facts.classes]
    matrix = facts.metrics["confusion_matrix"]
    rows = [["is, and is named", *names], ["---"] * (len(names) + 1)]
    rows += [[name, *map(str, counts)] for name, counts in zip(names, matrix, strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _table(found: dict[str, Any]) -> str:
    bounds, binary = found["intervals"], found["binary"]
    rows = [
        ("accuracy", _percent(found["accuracy"], bounds["accuracy"])),
        ("macro recall", _percent(found["macro_recall"], bounds["macro_recall"])),
        ("malignant sensitivity", _percent(binary["sensitivity"], bounds["sensitivity"])),
        ("specificity (benign recall)", _percent(binary["specificity"], bounds["specificity"])),
        ("malignant AUROC", "–" if binary["auroc"] is None else f"{binary['auroc']:.4f}"),
        ("expected calibration error", f"{found['ece']:.3f}"),
        ("Brier score", f"{found['brier']:.3f}"),
        ("flagged uncertain", _percent(found["flagged"]["uncertain"])),
        ("flagged out of distribution", _percent(found["flagged"]["out_of_distribution"])),
        *_without_colour(found),
        *_heatmaps(found.get("explanation_sanity") or {}),
    ]
    return "\n".join(["| figure | value |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


def _without_colour(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "grey_scale" in found:
        yield "grey-scale accuracy", _percent(found["grey_scale"]["accuracy"])
        yield "stain shift, three strengths", _strengths(found["stain_shift"])
    if cells := found.get("white_cells"):
        yield "white cells painted over", _percent(cells["removed_accuracy"])
        yield "white cells alone on an even ground", _percent(cells["alone_accuracy"])
    if alone := found.get("colour_only_baseline"):
        text = (
            f"{_percent(alone['accuracy'])}; grey {_percent(alone['grey_scale'])}; "
            f"stain shift {_strengths(alone['stain_shift'])}"
        )
        yield "**colour-only baseline** (5 neighbours)", text


def _heatmaps(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how alike heatmaps stay: near 1 under another stain, far from it by other weights."""
    for word, name in (
        ("under the mild stain shift", "stain_shift"),
        ("with a head drawn anew", "head_redrawn"),
        ("with all weights drawn anew", "redrawn"),
    ):
        if row := found.get(name):
            yield f"heatmaps alike {word}, rank correlation", f"{_alike(row)} (n = {row['n']})"


def _alike(row: dict[str, Any]) -> str:
    if row["correlation"] is None:
        return "–"
    return "{:.2f} [{:.2f}, {:.2f}]".format(row["correlation"], *row["interval"])


def _classes(facts: BundleFacts) -> str:
    rows = []
    for one in facts.classes:
        row = facts.metrics["per_class"][one.code]
        shares = " | ".join(f"{row[name]:.3f}" for name in ("precision", "recall", "f1"))
        rows.append(f"| {one.name} | {shares} | {row['support']} |")
    return "\n".join(rows)


def _percent(value: float | None, bounds: list[float] | None = None) -> str:
    if value is None:
        return "–"
    text = f"{100 * value:.1f} %"
    return f"{text} [{100 * bounds[0]:.1f}–{100 * bounds[1]:.1f}]" if bounds else text


def _strengths(values: list[float]) -> str:
    return " / ".join(f"{100 * value:.1f}" for value in values) + " %"


def _limits(facts: BundleFacts) -> str:
    return f"## Limits\n\n{limits_text(facts)}\n"
