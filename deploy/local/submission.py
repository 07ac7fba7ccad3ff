"""Sends images through the public API and waits until each has its result."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.client import BROKEN, Client

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}
SENDERS = 4
PAUSE = 0.15
PATIENCE = 300.0
MISSES = 6
TRANSIENT = {429, 500, 502, 503, 504}


@dataclass
class Item:
    """One image on its way: what it is, and what came back."""

    file: Path
    name: str
    truth: str | None = None
    image_id: str | None = None
    prediction: dict[str, Any] | None = None
    error: str | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def label(self) -> str | None:
        return str(self.prediction["label"]) if self.prediction else None

    @property
    def is_over(self) -> bool:
        return self.prediction is not None or self.error is not None


@dataclass
class Submission:
    """A named batch of images; runs in threads so that the caller can watch over processes."""

    client: Client
    items: Sequence[Item]
    image_kind: str
    name: str
    seconds: float = 0.0
    _threads: list[threading.Thread] = field(default_factory=list)
    _progress: float = 0.0
    _stopped: bool = False

    def start(self) -> None:
        """Begin sending and collecting in the background."""
        self._started = self._progress = time.monotonic()
        for work in (self._send_all, self._collect_all):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)

    @property
    def is_over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def done(self) -> int:
        return sum(item.is_over for item in self.items)

    def stop(self) -> None:
        self._stopped = True

    def _send_all(self) -> None:
        status, batch = self.client.post("/api/v1/batches/", {"name": self.name})
        fields = {"image_kind": self.image_kind} | (
            {"batch": str(batch["id"])} if status < 300 and "id" in batch else {}
        )
        with ThreadPoolExecutor(SENDERS) as pool:
            for _ in pool.map(lambda item: self._send(item, fields), self.items):
                pass

    def _send(self, item: Item, fields: dict[str, str]) -> None:
        for wait in (0.5, 1.0, 2.0, 4.0, 0.0):
            if self._stopped:
                return
            try:
                status, answer = self.client.upload(item.file, fields, key=item.key)
            except BROKEN as error:
                status, answer = 503, {"code": type(error).__name__}
            if status not in TRANSIENT:
                break
            time.sleep(wait)
        if status < 300 and "image_id" in answer:
            item.image_id = str(answer.get("duplicate_of") or answer["image_id"])
        else:
            item.error = f"{answer.get('code', status)}: {answer.get('detail', '')}".strip(": ")

    def _collect_all(self) -> None:
        """Ask for the oldest images: they come back nearly in the order in which they went."""
        waiting = list(self.items)
        while waiting and not self._stopped:
            if self._collect_oldest(waiting):
                self._progress = time.monotonic()
            elif time.monotonic() - self._progress > PATIENCE:
                break
            waiting = [item for item in waiting if not item.is_over]
            time.sleep(PAUSE)
        self.seconds = time.monotonic() - self._started

    def _collect_oldest(self, waiting: Sequence[Item]) -> bool:
        """Collect until some are not ready yet; True when any was."""
        misses = hits = 0
        for item in waiting:
            hit = self._collect(item)
            hits, misses = hits + hit, misses + (not hit)
            if misses == MISSES:
                break
        return hits > 0

    def _collect(self, item: Item) -> bool:
        if item.image_id is None or item.is_over:
            return item.is_over
        try:
            status, answer = self.client.get(f"/api/v1/images/{item.image_id}/")
        except BROKEN:
            return False
        if status == 200 and answer.get("prediction"):
            item.prediction = answer["prediction"]
        elif status == 200 and answer.get("state") in {"failed", "dead"}:
            fault = answer.get("error") or {"code": answer["state"], "message": ""}
            item.error = f"{fault['code']}: {fault['message']}".strip(": ")
        return item.is_over


def items_of(folder: Path) -> list[Item]:
    """The images below `folder`, with the class that their folder's name says, if it says one."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return [
        Item(path, str(path.relative_to(folder)), truth=_class_of(path.parent.name))
        for path in files
        if path.is_file()
    ]


def _class_of(name: str) -> str | None:
    from inference_worker.classes import UnknownClass, class_code

    try:
        return class_code(name)
    except UnknownClass:
        return None


def accuracy(items: Iterable[Item]) -> float | None:
    """The share of right labels among the images whose class is known; None where none is."""
    known = [item for item in items if item.truth is not None]
    if not known:
        return None
    right = [item for item in known if item.label == item.truth]
    return len(right) / len(known)
