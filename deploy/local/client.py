"""A client of the public HTTP API, as a script of a laboratory would write it."""

from __future__ import annotations

import http.client
import json
import mimetypes
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Answer = tuple[int, dict[str, Any]]
BROKEN = (http.client.HTTPException, ConnectionError, TimeoutError)


@dataclass
class Client:
    """Talks to one server with one token; each thread keeps its own connection."""

    port: int
    token: str
    host: str = "127.0.0.1"
    timeout: float = 60.0

    def __post_init__(self) -> None:
        self._local = threading.local()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def get(self, path: str) -> Answer:
        return self._request("GET", path, body=None, headers={})

    def post(self, path: str, values: Mapping[str, str]) -> Answer:
        body = json.dumps(dict(values)).encode()
        return self._request("POST", path, body=body, headers={"Content-Type": "application/json"})

    def upload(self, file: Path, fields: Mapping[str, str]) -> Answer:
        """Send one image; the key makes a repeated request the same request."""
        boundary = secrets.token_hex(16)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": secrets.token_hex(16),
        }
        body = _multipart(file, fields, boundary=boundary)
        return self._request("POST", "/api/v1/images/", body=body, headers=headers)

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "connection", None) is not None:
            self._local.connection.close()
            self._local.connection = None

    def _request(
        self, method: str, path: str, *, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        headers |= {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        for attempt in (1, 2, 3):
            try:
                connection = self._connection()
                connection.request(method, path, body=body, headers=headers)
                response = connection.getresponse()
                return response.status, _as_json(response.read())
            except BROKEN:
                self.close()
                if attempt == 3:
                    raise
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        if getattr(self._local, "connection", None) is None:
            self._local.connection = http.client.HTTPConnection(
                self.host, self.port, timeout=self.timeout
            )
        connection: http.client.HTTPConnection = self._local.connection
        return connection


def _multipart(file: Path, fields: Mapping[str, str], *, boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    name = file.name.replace('"', "_")
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode()
    )
    return b"".join([*parts, file.read_bytes(), f"\r\n--{boundary}--\r\n".encode()])


def _as_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {"detail": body[:200].decode(errors="replace")}
    return value if isinstance(value, dict) else {"items": value}
