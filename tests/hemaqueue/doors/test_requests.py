"""The rows of the bad-input table that are requests: each a refusal with a code, none a fault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.common import rates
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories
from tests.corpus import CASES
from tests.corpus_ran import FILE_TESTS, PASSED, ran, table
from tests.corpus_requests import ROWS
from tests.people import Script

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("serving")]

IMAGES, BATCHES = "/api/v1/images/", "/api/v1/batches/"
TESTS = Path(__file__).parents[2]

NAMED = {test for row in ROWS.values() for tests in row.tests.values() for test in tests} | set(
    FILE_TESTS.values()
)


def problem(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_every_row_of_the_table_has_its_test() -> None:
    assert {case.row for case in CASES} == set(range(1, 55))
    assert set(ROWS) == set(range(55, 83))
    for file, name in NAMED:
        assert f"def {name}(" in (TESTS / file).read_text(), (file, name)


def test_the_page_of_what_ran_is_that_of_a_run_in_which_everything_passed() -> None:
    passed = {f"tests/{file}::{name}": PASSED for file, name in NAMED}
    written = (TESTS.parent / "docs" / "bad-input.md").read_text()
    assert written == table(ran(passed))
    assert "not run" not in written.splitlines()[-3]
    missing = dict(list(passed.items())[1:])
    assert table(ran(missing)) != written


def test_a_flood_of_blanks_in_base64_is_over_soon(tessa: User) -> None:
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    body = head + b" \n" * (8 << 20) + b"\r\n--x--\r\n"
    script, started = Script(tessa), time.monotonic()
    answer = script.client.generic(
        "POST", IMAGES, body, "multipart/form-data; boundary=x", headers=script.headers
    )
    assert 400 <= answer.status_code < 500
    assert time.monotonic() - started < 10  # two seconds on a machine that does nothing else
    assert not SmearImage.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name": 5}', 400),
        (b'{"name": ["a"]}', 400),
        (b'["a"]', 400),
        (b"null", 400),
        (b'{"expected": "many"}', 400),
        (b'{"expected": 1e30}', 400),
        (b'{"name": "a\\u0000b"}', 400),
        (b'{"name": "\xff\xfe"}', 400),
        (b"[" * 1000 + b"]" * 1000, 400),
        (b"[" * 200_000, 400),
        (b'{"name": "' + b"a" * (10 << 20) + b'"}', 413),
        (b"{", 400),
    ],
)
def test_json_that_means_nothing_is_refused(tessa: User, body: bytes, status: int) -> None:
    script = Script(tessa)
    for more in ({}, {"Idempotency-Key": "k"}):
        answer = script.client.generic(
            "POST", BATCHES, body, "application/json", headers=script.headers | more
        )
        assert problem(answer)[0] == status


@pytest.mark.parametrize("day", ["2026-02-31", "10000-01-01", "1800-13-01", "yesterday", "-1"])
def test_days_that_never_were_are_refused(tessa: User, day: str) -> None:
    assert problem(Script(tessa).get(IMAGES, data={"uploaded_after": day})) == (400, "invalid")


TEXTS = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "a" * 10_000,
    "Z̸̢͝a̷l̵g̶o",
    "a​b",
    "‮gnp",
    "a\nb",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_that_would_run_are_kept_as_text_or_refused(tessa: User, text: str) -> None:
    answer = Script(tessa).upload(factories.picture_file(), patient=text, accession="A")
    if answer.status_code == 202:
        assert Case.objects.get().patient == text
    else:
        assert problem(answer) == (400, "invalid")
        assert not Case.objects.exists()


@pytest.mark.parametrize("text", ["' OR 1=1--", "*)(uid=*", "{{7*7}}", "%00", "\\", "%", "a\x00"])
@pytest.mark.parametrize("name", ["accession", "label", "status", "case", "batch", "cursor"])
def test_questions_that_would_run_find_nothing(tessa: User, name: str, text: str) -> None:
    factories.image()
    answer = Script(tessa).get(IMAGES, data={name: text})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["results"] == []


def test_what_is_not_for_the_sender_is_never_applied(tessa: User, clara: User) -> None:
    said = {"state": "done", "created_by": str(clara.pk), "result": "benign", "id": "7"}
    answer = Script(tessa).upload(factories.picture_file(), **said)
    assert answer.status_code in (202, 400)
    if answer.status_code == 202:
        image = SmearImage.objects.get()
        assert image.uploaded_by == tessa
        assert not hasattr(image, "prediction")


def test_wrong_methods_types_and_paths_are_problems(tessa: User) -> None:
    script = Script(tessa)
    assert problem(script.delete(IMAGES)) == (405, "method_not_allowed")
    assert problem(script.get("/api/v1/nothing/")) == (404, "not_found")
    answer = script.client.generic("POST", BATCHES, b"<a/>", "text/xml", headers=script.headers)
    assert problem(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize("address", [IMAGES, "/upload", "/api/v1/batches/zip/", "/predict"])
def test_a_full_disk_is_told_unread(
    tessa: User, settings: Any, address: str, left_behind: Callable[[], list[Path]]
) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"FREE_DISK_FLOOR_BYTES": 1 << 60}
    script = Script(tessa)
    answer = script.client.post(
        address, headers=script.headers, content_type="multipart/form-data; boundary=x",
        data=b"never read", CONTENT_LENGTH="1000",
    )  # fmt: skip
    assert problem(answer) == (507, "storage_full")
    assert left_behind() == []


def test_an_upload_needs_no_redis(
    tessa: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "_away_until", 0.0)
    away = {"REDIS_URL": "redis://127.0.0.1:1/0", "RATES": {"file": 1, "single": 1}}
    settings.HEMAQUEUE = settings.HEMAQUEUE | away
    script = Script(tessa)
    for seed in range(3):
        assert script.upload(factories.picture_file(seed)).status_code == 202


def test_health_takes_any_question(tessa: User) -> None:
    script = Script(tessa)
    assert script.get("/livez?since=yesterday").status_code == 200
    assert script.get("/readyz?verbose").status_code in (200, 503)


def test_the_problem_says_nothing_of_the_inside(tessa: User) -> None:
    answer = Script(tessa).get(IMAGES, data={"cursor": "x"})
    assert set(json.loads(answer.content)) == {
        "type", "title", "status", "code", "detail", "request_id", "errors"
    }  # fmt: skip
