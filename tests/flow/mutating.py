"""Sends damaged pictures over HTTP, three at a time, and counts what is answered."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.stack import Stack

IN_FLIGHT = 3
OF_A_BATCH = 1_000
Mutant = tuple[str, bytes]


@dataclass
class Said:
    """What the server said: each answer's code by its count, images, and the slowest answer.

    `batches` are the batches that the pictures were sent into; `broken` names the pictures whose
    answer was none that a picture may have.
    """

    codes: Counter[str] = field(default_factory=Counter)
    images: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    slowest: float = 0.0


def send_all(stack: Stack, mutants: Iterable[Mutant], *, folder: Path) -> Said:
    """Send every mutant into batches, through the installation's own client."""
    said, left = Said(), iter(mutants)
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        while some := list(islice(left, OF_A_BATCH)):
            _, batch = stack.client.post("/api/v1/batches/", {"name": "mutants"})
            said.batches.append(str(batch["id"]))
            for _ in pool.map(lambda one: _send(stack, one, folder=folder, said=said), some):
                pass
    return said


def _send(stack: Stack, mutant: Mutant, *, folder: Path, said: Said) -> None:
    title, data = mutant
    file = folder / title.replace(" ", "-")
    file.write_bytes(data)
    fields = {"image_kind": "synthetic", "accession": "MUTANTS", "batch": said.batches[-1]}
    began = time.monotonic()
    status, answer = stack.client.upload(file, fields)
    said.slowest = max(said.slowest, time.monotonic() - began)
    file.unlink()
    if status == 202:
        said.images.append(str(answer["image_id"]))
    elif status != 200 and not 400 <= status < 429:
        said.broken.append(f"{title}: {status} {answer}")
    said.codes[str(answer.get("code") or status)] += 1
