"""What only a whole system shows: requests as bytes on the wire, and the client of the table."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from deploy.local.paths import ROOT
from tests import corpus_parts as parts
from tests.corpus import CASES
from tests.corpus_hostile import HOSTILE
from tests.flow.conftest import Stack

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

EVERY = {
    f"{case.id.replace('/', '-')}{PurePosixPath(case.name).suffix}": case
    for case in (*CASES, *HOSTILE)
}
HEAD = (
    "POST /api/v1/images/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"
)


def say(stack: Stack, *, length: str, body: bytes, close: bool = False) -> bytes:
    """Send a request as it is written here; return the first line of the answer."""
    head = HEAD.format(token=stack.people["token"], length=length).encode()
    with socket.create_connection(("127.0.0.1", stack.installation.port), timeout=30) as wire:
        wire.sendall(head + body)
        if close:
            return b""
        return wire.recv(4096).partition(b"\r\n")[0]


def images(stack: Stack) -> int:
    return int(stack.rows("SELECT count(*) FROM specimens_smearimage")[0][0])


def stored(stack: Stack) -> int:
    return sum(path.is_file() for path in (stack.installation.data / "files").rglob("*"))


def test_a_body_in_chunks_without_a_length_is_refused(stack: Stack) -> None:
    said = say(stack, length="Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n")
    assert b" 411 " in said


@pytest.mark.parametrize("length", ["Content-Length: -5", "Content-Length: many"])
def test_a_length_that_is_none_is_refused(stack: Stack, length: str) -> None:
    assert b" 4" in say(stack, length=length, body=b"hello")


def test_a_body_shorter_than_its_length_leaves_nothing(stack: Stack) -> None:
    before, kept = images(stack), stored(stack)
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    for _ in range(5):
        say(stack, length="Content-Length: 100000", body=part + parts.png()[:5000], close=True)
    time.sleep(1)
    assert (images(stack), stored(stack)) == (before, kept)


def test_the_whole_table_by_the_client(stack: Stack, tmp_path: Path) -> None:
    folder, token = tmp_path / "table", tmp_path / "token"
    folder.mkdir()
    token.write_text(stack.people["token"])
    for name, case in EVERY.items():
        (folder / name).write_bytes(case.data())
    run = subprocess.run(
        [
            *(sys.executable, "-S", "hemaqueue", "submit", str(folder), "--every-file", "--json"),
            *("--server", stack.installation.url, "--token-file", str(token)),
            *("--image-kind", "synthetic", "--accession", "TABLE"),
        ],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 3, run.stderr
    refused = {one["file"]: one["code"] for one in json.loads(run.stdout)["refused"]}
    wanted = {name: case.upload_code or case.code for name, case in EVERY.items()}
    twins = {name for name in wanted if wanted[name] == "type_mismatch"}  # known by their bytes
    for name, code in wanted.items():
        assert refused.get(name, "") == code or (name in twins and name not in refused), name
