"""A client that uploads, and keeps a list of its own of what was acknowledged: fsynced."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from deploy.local.client import BROKEN, Answer, Client
from tests.chaos.pictures import Picture, drawn

SENDERS = 4
PAUSE = 0.5
ACCEPTED = (200, 202)


@dataclass(frozen=True)
class Acknowledged:
    """One upload to which the server said yes."""

    sha256: str
    image: str
    expected: str
    seconds: float
    tries: int


class List:
    """The acknowledged uploads, one JSON object a line, on the disk before the next is sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a")
        self._lock = threading.Lock()
        self.count = 0

    def add(self, one: Acknowledged) -> None:
        with self._lock:
            self._file.write(json.dumps(asdict(one)) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.count += 1

    def close(self) -> None:
        self._file.close()

    def read(self) -> list[Acknowledged]:
        lines = self.path.read_text().splitlines()
        return [Acknowledged(**json.loads(line)) for line in lines]


class Sender:
    """Sends pictures in the background; tries each until it is acknowledged or refused."""

    def __init__(self, client: Client, listed: List) -> None:
        self.client, self.listed = client, listed
        self.refused: list[str] = []
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._waiting: list[Future[None]] = []
        self._stopped = False

    def send(self, pictures: Iterable[Picture], *, batch: str = "") -> None:
        """Send pictures; returns at once."""
        self._waiting += [self._pool.submit(self._send, one, batch) for one in pictures]

    @property
    def left(self) -> int:
        """Return how many are neither acknowledged nor refused."""
        self._waiting = [one for one in self._waiting if not one.done() or one.result()]
        return len(self._waiting)

    def stop(self) -> None:
        self._stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.listed.close()

    def _send(self, picture: Picture, batch: str) -> None:
        file, key, began = drawn(picture), secrets.token_hex(16), time.monotonic()
        fields = {"image_kind": "synthetic"} | ({"batch": batch} if batch else {})
        tries = 0
        while not self._stopped:
            tries += 1
            try:
                status, answer = self._upload(file, picture.name, fields, key=key)
            except BROKEN:
                status, answer = 0, {}
            if status in ACCEPTED:
                seconds = round(time.monotonic() - began, 3)
                digest = hashlib.sha256(file).hexdigest()
                image = str(answer.get("duplicate_of") or answer["image_id"])
                end = self._call_off(answer) if picture.called_off else picture.expected
                self.listed.add(Acknowledged(digest, image, end, seconds, tries))
                return
            if 400 <= status < 500 and status not in (408, 429):
                self.refused.append(f"{picture.name}: {status} {answer.get('code')}")
                return
            time.sleep(PAUSE)

    def _call_off(self, answer: dict[str, Any]) -> str:
        """Take an upload back; return the state in which its job has to end."""
        while not self._stopped:
            try:
                status, job = self.client.post(f"/api/v1/jobs/{answer['job_id']}/cancel/", {})
            except BROKEN:
                status, job = 0, {}
            if status == HTTPStatus.ACCEPTED:
                return "cancelled" if job.get("cancel_requested") else str(job["state"])
            time.sleep(PAUSE)
        return "cancelled"

    def _upload(self, file: bytes, name: str, fields: Mapping[str, str], *, key: str) -> Answer:
        body, headers = upload_request(file, name, fields, key=key)
        return self.client._request("POST", "/api/v1/images/", body=body, headers=headers)


def upload_request(
    file: bytes, name: str, fields: Mapping[str, str], *, key: str
) -> tuple[bytes, dict[str, str]]:
    """Return body and headers; `key` is the same for every try, so that they are one request."""
    boundary = secrets.token_hex(16)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-SHA256": hashlib.sha256(file).hexdigest(),
        "Idempotency-Key": key,
    }
    return _multipart(file, name, fields, boundary=boundary), headers


def _multipart(file: bytes, name: str, fields: Mapping[str, str], *, boundary: str) -> bytes:
    said = 'Content-Disposition: form-data; name="{}"'
    parts = [f"--{boundary}\r\n{said.format(key)}\r\n\r\n{fields[key]}" for key in fields]
    parts.append(f'--{boundary}\r\n{said.format("file")}; filename="{name}"\r\n\r\n')
    return "\r\n".join(parts).encode() + file + f"\r\n--{boundary}--\r\n".encode()
