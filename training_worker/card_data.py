"""What a card says of the data: of data sets that are known, their story; of others, the counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from inference_worker.bundle import BundleFacts


class Known(NamedTuple):
    """What people know of a data set: where it comes from, and where what learned from it ends."""

    data: str
    limits: str


TALEQANI = Known(
    data="""\
Peripheral-blood smear fields, 224×224 JPEG, of Taleqani Hospital, Tehran: benign haematogones
and B-cell ALL in three stages. Credit: M. Aria, M. Ghaderzadeh, D. Bashash, H. Abolghasemi,
F. Asadi, A. Hosseini, *Acute Lymphoblastic Leukemia (ALL) image dataset*, 2021, DOI
10.34740/KAGGLE/DSV/2175623. Its licence is not established; the authors ask for credit. It has
no patient identifiers: a patient-disjoint split is not possible, and no picture of it is
distributed here.""",
    limits="""\
- One hospital, one staining protocol, few microscopes, 89 patients at most. Nothing is known of
  other laboratories, scanners or magnifications, nor of any class beyond the four.
- Stain colour nearly gives the class away in this data (the colour-only line above). Training
  varied the stain to work against it; the grey-scale and stain-shift lines say how far.
- **The field around the white cells gives the class away, too.** With the white cells painted
  over, most fields are still named rightly, and with the white cells alone many are not (the two
  lines above; crude masks): the network leans on red cells and ground, which in this data go with
  the patient, and so with the class. Heatmaps show it: they often lie beside the blasts. Accuracy
  here does not show that blasts are recognised.
- The hard error is benign haematogones taken for early pre-B cells, and the reverse.
- Other kinds of pictures are flagged as out of distribution by feature distance; that flag was
  tried on the sets at hand, not on every scanner.""",
)

CNMC = Known(
    data="""\
Single cells on black, 450×450, of C-NMC 2019 (first fold): normal B-lymphoid precursors and
B-ALL blasts. Credit: A. Gupta and R. Gupta, *ALL Challenge dataset of ISBI 2019*, The Cancer
Imaging Archive. Subjects stand in the file names. No picture of it is distributed here.""",
    limits="""\
- The healthy cells come from few subjects: specificity says little of other people.
- The cell's area alone tells most of these cells apart.
- One laboratory and one staining protocol; cells cut out and normalised by others.""",
)

DRAWN = Known(
    data="""\
Pictures drawn by this project's own generator (`training_worker/synthetic.py`). They are
caricatures of cells: **a demonstration, without any meaning for real smears.**""",
    limits="""\
- It has seen no real cell. Its scores say nothing about a real picture.
- It serves demonstrations and tests of the software alone.""",
)

KNOWN = {
    "5d65a99e477d1430bfb7dc58d7e00e7acc9138b54860321886de98b3b5ff5784": TALEQANI,
    "97671204f2435a0351f145423751323c54c0010cfdd33f8ca42599dc6a49f5f9": CNMC,
    "91b347b1aebf576db4da9d998bc074b289c51142f0c09404187232c3fffc2e05": DRAWN,
}
"""By the digest of pictures and labels (`samples.labels_digest`): another choice is other data."""


def is_snapshot(facts: BundleFacts) -> bool:
    """Say whether it learned from a snapshot of an installation, not from a folder."""
    return "judged_beside" in facts.dataset


def data_text(facts: BundleFacts) -> str:
    """Return what it learned from, and how much of each class."""
    known = KNOWN.get(facts.dataset["digest"])
    parts = [known.data if known else _told(facts), _counts(facts), "\n".join(_parted(facts))]
    return "\n\n".join(part for part in parts if part)


def _told(facts: BundleFacts) -> str:
    data, parent = facts.dataset, facts.training.get("goes_on_from")
    what = "a snapshot of labels that an installation froze" if is_snapshot(facts) else "a folder"
    lines = [f"{data['images']} pictures in {data['groups']} groups of {what}."]
    if parent:
        lines.append(f"What {parent} had learned from before stands in its own card.")
    return "\n".join(lines)


def _counts(facts: BundleFacts) -> str:
    learned, held_out = (facts.dataset.get(side) for side in ("learned", "held_out"))
    if learned is None or held_out is None:
        return ""
    rows = [
        f"| {one.name} | {learned.get(one.code, 0)} | {held_out.get(one.code, 0)} |"
        for one in facts.classes
    ]
    return "\n".join(["| class | learned from | held out |", "|---|---|---|", *rows])


def _parted(facts: BundleFacts) -> Iterator[str]:
    """Yield from where a snapshot's pictures came, each with how many."""
    if not is_snapshot(facts):
        return
    for word, name in (("labels from", "sources"), ("sites", "sites"), ("stains", "stains")):
        yield f"- {word}: {_listed(facts.dataset.get(name) or {})}"
    if apart := facts.dataset.get("apart"):
        yield f"- split: {apart}"


def _listed(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} ({n})" for name, n in sorted(counts.items())) or "not told"


def limits_text(facts: BundleFacts) -> str:
    """Return where what it says ends, as far as that is known."""
    return "\n".join(_limits(facts))


def _limits(facts: BundleFacts) -> Iterator[str]:
    if parent := facts.training.get("goes_on_from"):
        yield f"- What limits {parent} limits this version, too."
    if known := KNOWN.get(facts.dataset["digest"]):
        yield known.limits
        return
    yield (
        "- Nothing is known of laboratories, scanners, stains or magnifications other than those\n"
        f"  of its data, nor of any class beyond its {len(facts.classes)}."
    )
    yield "- Whether colour alone gives the classes of this data away, its evaluations have to say."
    if facts.demonstration:
        yield "- **A demonstration.** Its scores say nothing about a real picture."
