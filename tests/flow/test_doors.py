"""What only a whole system shows: requests as bytes on the wire, and what is readable then."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path, PurePosixPath

import psycopg2
import pytest
from redis import Redis

from deploy.local.paths import ROOT
from tests import corpus_parts as parts
from tests.corpus import CASES
from tests.corpus_hostile import HOSTILE
from tests.corpus_mutants import mutants
from tests.flow.conftest import Stack
from tests.flow.mutating import send_all
from tests.flow.scanning import found_in_clear, places, redis_writes_everything_down

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

EVERY = {
    f"{case.id.replace('/', '-')}{PurePosixPath(case.name).suffix}": case
    for case in (*CASES, *HOSTILE)
}
CANARIES = ("KARABO-PSEUDONYM", "KARABO-ACCESSION", "KARABO-FILE-NAME", "KARABO-EXIF-CANARY")
LONGEST = 15.0
FILES_OF_AN_IMAGE = 3  # original, preview, thumbnail
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


def open_jobs(stack: Stack) -> int:
    live = "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL AND queue = 'inference'"
    return int(stack.rows(live)[0][0])


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


@pytest.mark.parametrize(
    "count", [200, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(3 * 3600)])]
)
def test_mutants_on_the_wire_are_taken_whole_or_refused(
    count: int, stack: Stack, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """What is taken, the worker can read: its job succeeds."""
    before, kept = images(stack), stored(stack)
    said = send_all(stack, mutants(count, seed=20261122 + count), folder=tmp_path)
    record_property("answers", dict(said.codes.most_common()))
    record_property("slowest", f"{said.slowest:.1f} s")
    assert said.broken == []
    assert sum(said.codes.values()) == count
    assert said.slowest < LONGEST
    assert 0 < len(said.images) < count
    stack.watch(lambda: open_jobs(stack) == 0, seconds=600)
    ends = "SELECT j.state, count(*) FROM jobs_job j WHERE j.subject = ANY(%s::uuid[]) GROUP BY 1"
    assert stack.rows(ends, said.images) == [("succeeded", len(said.images))]
    assert images(stack) == before + len(said.images)
    assert stored(stack) == kept + FILES_OF_AN_IMAGE * len(said.images)
    assert [path for path in (stack.installation.data / "tmp").rglob("*") if path.is_file()] == []


def test_nothing_that_was_sent_is_readable_anywhere(stack: Stack, tmp_path: Path) -> None:
    redis_writes_everything_down(stack)
    pseudonym, accession, name, marker = CANARIES
    exif = parts.jpeg_segment(0xE1, b"Exif\0\0" + parts.exif() + marker.encode())
    picture = parts.jpeg_with(exif)
    fields = {"image_kind": "synthetic", "patient": pseudonym, "accession": accession}
    half = picture[: len(picture) // 2]
    status, answer = stack.client.upload(written(tmp_path / f"{name}.jpg", picture), fields)
    assert status == 202, answer
    assert stack.client.upload(written(tmp_path / f"{name}-bad.jpg", half), fields)[0] == 422
    done = f"/api/v1/jobs/{answer['job_id']}/"
    stack.watch(lambda: stack.client.get(done)[1]["state"] == "succeeded", seconds=120)
    assert stack.client.get(f"/api/v1/images/?accession={accession}")[0] == 200
    canaries = {one: one.encode() for one in CANARIES} | {"pixels": picture[-400:-300]}
    rows = {pseudonym, accession}  # what a case is found by, and nothing that names a person
    found = found_in_clear(stack, canaries)
    assert {(place, one) for place, one in found if one not in rows} == set()
    assert {place for place, one in found if one in rows} <= {"database", "wal"}


def test_whatever_is_left_in_clear_is_found(stack: Stack) -> None:
    redis_writes_everything_down(stack)
    left = {place: f"LEFT-IN-{place.upper()}-PLAIN" for place in places(stack)}
    with Redis.from_url(stack.installation.given["REDIS_URL"]) as redis:
        redis.set("left", base64.b64encode(f"a {left['redis']}".encode()))
        redis.delete("left")  # the append-only file remembers
    with closing(psycopg2.connect(stack.installation.given["DATABASE_URL"])) as database:
        database.autocommit = True
        with database.cursor() as cursor:
            cursor.execute("CREATE TABLE left_in_clear (words text)")
            # more than once, in case that a page of the WAL ends within the word
            often = "INSERT INTO left_in_clear SELECT %s FROM generate_series(1, 3)"
            cursor.execute(often, [left["wal"]])
    for place in ("store", "temporary", "logs", "database", "else"):
        written(places(stack)[place] / "left.txt", f"so: {left[place]}!".encode())
    found = found_in_clear(stack, {place: word.encode() for place, word in left.items()})
    assert found >= {(place, place) for place in left}


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
