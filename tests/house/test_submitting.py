"""`./hemaqueue submit` beside a small server on the wire that only takes what is sent."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deploy.local.client import Client
from deploy.local.submit.command import Trouble, _alone
from deploy.local.submit.files import files_of
from deploy.local.submit.journal import Journal
from deploy.local.submit.sending import Sending, Unreachable
from deploy.local.submit.watching import Watching

# Each sending thread keeps a connection of its own, as in the command, which ends with it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        away = getattr(self.server, "away", False)
        body = json.dumps({"id": "b", "image_id": "i", "detail": ""}).encode()
        self.send_response(503 if away else 201 if self.path.endswith("batches/") else 202)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture
def sending(server: ThreadingHTTPServer, tmp_path: Path) -> Iterator[Sending]:
    client = Client(server.server_port, "token")
    journal = Journal(tmp_path / "state", client.url)
    yield Sending(client, journal, {}, patience=0.2)
    journal.close()


def folder_of(parent: Path, *names: str) -> Path:
    folder = parent / "tray"
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(os.fsencode(name))
    return folder


def test_a_watcher_outlives_the_servers_absence(
    server: ThreadingHTTPServer, sending: Sending, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, "one.png")
    watching = Watching(folder, sending, tell=lambda _: None)
    assert (watching.look(), watching.look()) == (0, 1)
    folder_of(tmp_path, "two.png", "three.png")
    watching.look()
    server.away = True  # type: ignore[attr-defined]
    for _ in range(2):
        with pytest.raises(Unreachable):
            watching.look()
    server.away = False  # type: ignore[attr-defined]
    assert watching.look() == 2
    assert sorted(path.name for path in folder.glob("sent/*")) == [
        "one.png",
        "three.png",
        "two.png",
    ]


def test_a_file_that_cannot_be_read_is_no_fault_of_the_server(
    sending: Sending, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, "good.png", "later.png")
    files = {"good.png": folder / "good.png", "locked.png": folder}  # no folder is read as a file
    sending.batch_open(name="locked", expected=2)
    codes = [one.code for one in sending.send(files, tell=lambda _: None)]
    assert codes == ["", "file_unreadable"]
    files["locked.png"] = folder / "later.png"
    assert [one.code for one in sending.send(files, tell=lambda _: None)] == ["", ""]


def test_whatever_a_file_is_called_it_is_sent(sending: Sending, tmp_path: Path) -> None:
    names = ("\N{SYRINGE}.png", "a\nb.png", "\N{RIGHT-TO-LEFT OVERRIDE}gnp.png", 'x";a=b.png',
             os.fsdecode(b"\xff.png"))  # fmt: skip
    files = files_of(folder_of(tmp_path, *names))
    assert sorted(files) == sorted(names)
    sending.batch_open(name="names", expected=len(names))
    assert {one.status for one in sending.send(files, tell=lambda _: None)} == {202}


def test_two_clients_do_not_write_one_state_file(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with _alone(state), pytest.raises(Trouble, match="another"), _alone(state):
        raise AssertionError("the second one must not come here")
