"""What the demo shows of its results: one JSON object, or a table and where to look further."""

from __future__ import annotations

from typing import Any

from deploy.local.installation import Installation
from deploy.local.submission import Item, Submission, accuracy

ROWS = 24
FIELDS = ("label", "scores", "confidence", "flags", "heatmap", "model_version")


def summary(submission: Submission) -> dict[str, Any]:
    """The counts, the rate and every item; `lost` are the images without a result."""
    items = submission.items
    results = [item for item in items if item.prediction is not None]
    seconds = submission.seconds
    return {
        "images": len(items),
        "results": len(results),
        "lost": len(items) - len(results),
        "seconds": round(seconds, 3),
        "images_per_second": round(len(results) / seconds, 3) if seconds else None,
        "accuracy": accuracy(items),
        "items": [_facts(item, host=submission.client.url) for item in items],
    }


def table(submission: Submission) -> str:
    """The first rows, what went wrong, and the totals."""
    items = submission.items
    width = max(len(item.name) for item in items[:ROWS])
    lines = [_row(item, width=width) for item in items[:ROWS]]
    if len(items) > ROWS:
        lines.append(f"  … and {len(items) - ROWS} more")
    lines += [f"  not done: {item.name}: {item.error or 'no answer'}" for item in _lost(items)]
    return "\n".join(["", *lines, "", _totals(submission), ""])


def welcome(installation: Installation, people: dict[str, Any]) -> str:
    """Where to look, and as whom."""
    logins = [
        f"    {login['username']:<12} {login['password']:<20} {login['role']:<14} {login['site']}"
        for login in people["logins"]
    ]
    return "\n".join(
        [
            f"\n  Open {installation.url} and log in as",
            *logins,
            f"\n  API token of the technician: {people['token']}",
            f"  Logs and data: {installation.data}",
            "  A demonstration on this machine only. Stop it with Ctrl-C.\n",
        ]
    )


def _facts(item: Item, *, host: str) -> dict[str, Any]:
    said = item.prediction
    if said is None:
        return {"file": item.name} | dict.fromkeys(FIELDS) | {"error": item.error or "no result"}
    return {"file": item.name} | {name: said[name] for name in FIELDS} | {
        "heatmap": f"{host}{said['heatmap']}" if said["heatmap"] else None,
        "model_version": said["model_version"]["name"],
    }  # fmt: skip


def _row(item: Item, *, width: int) -> str:
    if item.prediction is None:
        return f"  {item.name:<{width}}  —"
    label, confidence = item.prediction["label"], item.prediction["confidence"]
    flags = ", ".join(item.prediction["flags"])
    return f"  {item.name:<{width}}  {label:<12} {confidence:6.1%}  {flags}".rstrip()


def _lost(items: list[Item] | Any) -> list[Item]:
    return [item for item in items if item.prediction is None]


def _totals(submission: Submission) -> str:
    facts = summary(submission)
    text = (
        f"  {facts['results']} of {facts['images']} images have a result, {facts['lost']} lost; "
        f"{facts['seconds']:.1f} s"
    )
    if facts["images_per_second"]:
        text += f", {facts['images_per_second']:.1f} images per second"
    if facts["accuracy"] is not None:
        text += f"; {facts['accuracy']:.1%} agree with their folder's name"
    return text
