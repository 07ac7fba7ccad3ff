"""A client of the public HTTP API, as a script of a laboratory would write it.

Needs the standard library alone. Files are streamed: a folder of large ones costs no memory.
"""

from __future__ import annotations

import http.client
import json
import mimetypes
import secrets
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Answer = tuple[int, dict[str, Any]]
BROKEN = (http.client.HTTPException, ConnectionError, TimeoutError, OSError)
CHUNK = 1 << 20
IMAGES = "/api/v1/images/"


class FileUnreadable(OSError):
    """A file that was to be sent cannot be read. The server has no part in it."""


@dataclass(frozen=True)
class Multipart:
    """A form with files, told in pieces as often as it has to be sent."""

    fields: Mapping[str, str]
    files: Mapping[str, Path]
    boundary: str

    @property
    def length(self) -> int:
        heads = sum(len(self._head(name, file)) for name, file in self.files.items())
        with _of_the_file():
            sizes = sum(file.stat().st_size + 2 for file in self.files.values())
        return len(self._fields()) + heads + sizes + len(self._end())

    def __iter__(self) -> Iterator[bytes]:
        yield self._fields()
        for name, path in self.files.items():
            yield self._head(name, path)
            yield from _pieces(path)
            yield b"\r\n"
        yield self._end()

    def _fields(self) -> bytes:
        return b"".join(
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"'
            f"\r\n\r\n{value}\r\n".encode()
            for name, value in self.fields.items()
        )

    def _head(self, field: str, file: Path) -> bytes:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        name = "".join(one if one.isprintable() and one != '"' else "_" for one in file.name)
        return (
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{field}"; '
            f'filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        ).encode()

    def _end(self) -> bytes:
        return f"--{self.boundary}--\r\n".encode()


@dataclass
class Client:
    """Talks to one server with one token; each thread keeps its own connection."""

    port: int
    token: str
    host: str = "127.0.0.1"
    timeout: float = 60.0
    prefix: str = ""
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._local = threading.local()

    @classmethod
    def at(cls, url: str, token: str, *, authority: str | None = None) -> Client:
        """Return a client of the server at `url`; `authority` is a file of CA certificates.

        Raises:
            ValueError: it is no address of a server.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url} is no address like https://hemaqueue.hospital.example")
        tls = ssl.create_default_context(cafile=authority) if parts.scheme == "https" else None
        port = parts.port or (443 if tls else 80)
        return cls(port, token, parts.hostname, prefix=parts.path.rstrip("/"), tls=tls)

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://{self.host}:{self.port}{self.prefix}"

    def get(self, path: str) -> Answer:
        return self._request("GET", path, body=None, headers={})

    def post(self, path: str, values: Mapping[str, str], *, key: str = "") -> Answer:
        """Send JSON; a key makes a repeated request the same request."""
        headers = {"Content-Type": "application/json"} | _keyed(key)
        return self._request("POST", path, body=json.dumps(dict(values)).encode(), headers=headers)

    def upload(
        self, file: Path, fields: Mapping[str, str], *, key: str = "", to: str = IMAGES
    ) -> Answer:
        """Send one file; the key makes a repeated request the same request."""
        return self.form(to, fields, {"file": file}, key=key or secrets.token_hex(16))

    def form(
        self, path: str, fields: Mapping[str, str], files: Mapping[str, Path], *, key: str = ""
    ) -> Answer:
        """Send fields and files as a browser's form does, streamed."""
        body = Multipart(fields, files, boundary=secrets.token_hex(16))
        headers = {
            "Content-Type": f"multipart/form-data; boundary={body.boundary}",
            "Content-Length": str(body.length),
        }
        return self._request("POST", path, body=body, headers=headers | _keyed(key))

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "connection", None) is not None:
            self._local.connection.close()
            self._local.connection = None

    def _request(
        self, method: str, path: str, *, body: bytes | Multipart | None, headers: dict[str, str]
    ) -> Answer:
        headers |= {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        for attempt in (1, 2, 3):
            try:
                return self._asked(method, self.prefix + path, body=body, headers=headers)
            except FileUnreadable:
                self.close()
                raise
            except BROKEN:
                self.close()
                if attempt == 3:
                    raise
        raise AssertionError("unreachable")

    def _asked(
        self, method: str, path: str, *, body: bytes | Multipart | None, headers: dict[str, str]
    ) -> Answer:
        connection = self._connection()
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before the body's end
            connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        answer = _as_json(response.read())
        if wait := response.headers.get("Retry-After", ""):
            answer["retry_after"] = int(wait) if wait.isdecimal() else 1
        if response.headers.get("Connection", "").lower() == "close":
            self.close()
        return response.status, answer

    def _connection(self) -> http.client.HTTPConnection:
        if getattr(self._local, "connection", None) is None:
            self._local.connection = self._connected()
        connection: http.client.HTTPConnection = self._local.connection
        return connection

    def _connected(self) -> http.client.HTTPConnection:
        if self.tls is None:
            return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        return http.client.HTTPSConnection(
            self.host, self.port, timeout=self.timeout, context=self.tls
        )


def _pieces(path: Path) -> Iterator[bytes]:
    with _of_the_file():
        file = path.open("rb")
    with file:
        while True:
            with _of_the_file():
                piece = file.read(CHUNK)
            if not piece:
                return
            yield piece


@contextmanager
def _of_the_file() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileUnreadable(f"The file cannot be read: {reason}.") from error


def _keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key} if key else {}


def _as_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {"detail": body[:200].decode(errors="replace")}
    return value if isinstance(value, dict) else {"items": value}
