"""What only a whole system shows: requests as bytes on the wire, and what is readable then."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest
from redis import Redis

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
CANARIES = ("KARABO-NAME-CANARY", "KARABO-FILE-CANARY", "KARABO-EXIF-CANARY")
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
    """Count the files of the store; the known picture comes by itself."""
    files = (stack.installation.data / "files").rglob("*")
    return sum(path.is_file() and path.parent.name != "golden" for path in files)


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


def test_nothing_that_was_sent_is_readable_anywhere(stack: Stack, tmp_path: Path) -> None:
    name, file_name, marker = CANARIES
    exif = parts.jpeg_segment(0xE1, b"Exif\0\0" + parts.exif() + marker.encode())
    picture = parts.jpeg_with(exif)
    sent = tmp_path / f"{file_name}.jpg"
    sent.write_bytes(picture)
    fields = {"image_kind": "synthetic", "patient": name, "accession": "CANARY-1"}
    status, answer = stack.client.upload(sent, fields)
    assert status == 202, answer
    refused = tmp_path / f"{file_name}-bad.jpg"
    refused.write_bytes(picture[: len(picture) // 2])
    assert stack.client.upload(refused, fields)[0] == 422
    done = f"/api/v1/jobs/{answer['job_id']}/"
    stack.watch(lambda: stack.client.get(done)[1]["state"] == "succeeded", seconds=120)
    with Redis.from_url(stack.installation.given["REDIS_URL"]) as redis:
        redis.save()
    pixels = picture[-400:-300]
    found = [
        (str(path), canary)
        for path in stack.installation.data.rglob("*")
        if path.is_file()
        for canary in readable(path.read_bytes(), pixels=pixels)
    ]
    assert not found


def readable(data: bytes, *, pixels: bytes) -> list[str]:
    """Return which canaries stand in a file in clear."""
    named = [one for one in CANARIES if one.encode() in data]
    return named + (["pixels"] if pixels in data else [])
