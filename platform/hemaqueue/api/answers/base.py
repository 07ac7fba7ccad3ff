"""Base of every body."""

from __future__ import annotations

import dataclasses
from typing import Any


class Answer:
    """Base of every body."""

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)  # type: ignore[call-overload]
