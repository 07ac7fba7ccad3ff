"""A number with its word, perhaps leading to what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from hemaqueue.web.shown.models import Tile


@dataclass(frozen=True)
class LinkTile(Tile):
    """`kind` colours the number: attention, failed, or nothing."""

    url: str = ""
    kind: str = ""
