"""Numbers for a monitoring system: who may read them, in which form, and what they say."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hemaqueue.common.exposition import Family, exposed, gauge
from hemaqueue.jobs.measures import NEWEST, depths, lately
from hemaqueue.jobs.models import Ear, Job, WorkerPresence
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.metrics import families
from jobcontract.names import Queue
from tests import factories
from tests.hemaqueue.jobs.ledger import a_job, sent
from tests.people import Script

pytestmark = pytest.mark.django_db

TOKEN = {"Authorization": "Bearer for tests"}
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)+)\})? (-?[0-9.e+]+)')
HEAD = re.compile(r"hemaqueue_[a-z_]+ [A-Z][^\n]*\.\n# TYPE hemaqueue_[a-z_]+ (gauge|counter)\n")
UNITS = re.compile(r"_(milliseconds|minutes|hours|kilobytes|megabytes|percent)(_|$)")


def text(**headers: str) -> str:
    answer = Client().get("/metrics", headers=headers or TOKEN)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/plain")
    return answer.content.decode()


def samples(said: str) -> dict[str, float]:
    """Return the samples by name and labels, as they are written."""
    lines = (line for line in said.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def faults(said: str) -> Iterator[str]:
    """Yield what promtool would say of the text: form, names, types, units, doubles."""
    families = said.split("# HELP ")
    names = [family.split(" ")[0] for family in families[1:]]
    if families[0] or not said.endswith("\n") or len(set(names)) < len(names):
        yield "no list of families, each in one place"
    for name, family in zip(names, families[1:], strict=True):
        head, *lines = HEAD.split(family, maxsplit=1)
        if head or not lines or (lines[0] == "counter") != name.endswith("_total"):
            yield f"{name} has no help, or no type that fits its name"
        elif UNITS.search(name):
            yield f"{name} is not in base units"
        else:
            yield from _sample_faults(name, lines[1].splitlines())


def _sample_faults(name: str, lines: list[str]) -> Iterator[str]:
    found = [SAMPLE.fullmatch(line) for line in lines]
    if not all(match and match[1] == name for match in found):
        yield f"{name} has what is no sample of it"
    if len({match[2] for match in found if match}) < len(lines):
        yield f"{name} says the same twice"


def busy() -> None:
    WorkerPresence.objects.create(name="w", queues=["inference"], processes=3)
    Ear.objects.create(pk=1, probe_at=Now() - timedelta(seconds=4))
    factories.ModelVersionFactory()
    a_job(), a_job(queue=Queue.REPORTS)
    finished(2)
    finished(1)


def finished(size: int, *, ago: float = 0) -> list[Job]:
    """Return the jobs of one parcel: 60 s in the ledger, 3 s in Redis, 2 s in work."""
    jobs = [a_job(subject=uuid.uuid4()) for _ in range(size)]
    sent(*jobs)
    end = Now() - timedelta(seconds=ago)
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        state=JobState.SUCCEEDED,
        created_at=end - timedelta(seconds=65),
        sent_at=end - timedelta(seconds=5),
        started_at=end - timedelta(seconds=2),
        finished_at=end,
    )
    return jobs


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"X-Real-IP": "::1"}])
def test_without_the_installations_token_nothing_is_said(headers: dict[str, str]) -> None:
    answer = Client().get("/metrics", headers=headers)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "token_required"
    assert b"hemaqueue_jobs" not in answer.content


def test_a_persons_token_opens_no_metrics() -> None:
    adam = factories.adam()
    assert Script(adam).get("/metrics").status_code == 401


def test_where_no_token_is_set_this_machine_may_read(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"METRICS_TOKEN": ""}
    for address in ("127.0.0.1", "::1"):
        assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 200
    for address in ("10.0.0.7", "192.168.1.4", ""):
        assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_what_a_proxy_passed_on_is_not_this_machine(header: str, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"METRICS_TOKEN": ""}
    assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 401


def test_the_text_is_what_a_scraper_reads() -> None:
    assert list(faults(text())) == []
    busy()
    assert list(faults(text())) == []


def test_the_lint_finds_what_is_wrong() -> None:
    wrong = [
        Family("hemaqueue_x", "counter", "No total.", (({}, 1),)),
        Family("hemaqueue_x_total", "gauge", "Total.", (({}, 1),)),
        gauge("hemaqueue_x_minutes", "A unit.", [({}, 1)]),
        gauge("hemaqueue_x", "Without an end", [({}, 1)]),
        gauge("hemaqueue_x", "Twice.", [({"a": "b"}, 1), ({"a": "b"}, 2)]),
    ]
    for family in wrong:
        assert list(faults(exposed([family]))), family
    assert list(faults(exposed([gauge("hemaqueue_x", "One.", [({}, 1)])] * 2)))


def test_every_metric_is_in_the_handbook() -> None:
    handbook = (Path(settings.ROOT) / "docs" / "monitoring.md").read_text()
    said = {line.split()[2] for line in text().splitlines() if line.startswith("# TYPE ")}
    assert said == set(re.findall(r"\bhemaqueue_[a-z_]+", handbook))


def test_labels_are_escaped() -> None:
    said = exposed([gauge("hemaqueue_x", "X.", [({"a": 'b"c\\d\ne'}, 1)])])
    assert said.endswith('hemaqueue_x{a="b\\"c\\\\d\\ne"} 1\n')


def test_depth_and_workers_are_told_by_queue() -> None:
    busy()
    found = samples(text())
    line = 'queue="inference",lane="normal",state='
    assert found[f'hemaqueue_jobs{{{line}"queued"}}'] == 1
    assert found[f'hemaqueue_jobs{{{line}"sent"}}'] == 0
    assert found['hemaqueue_workers{queue="inference"}'] == 1
    assert found['hemaqueue_worker_processes{queue="inference"}'] == 3
    assert found['hemaqueue_workers{queue="training"}'] == 0
    assert found["hemaqueue_models_serving"] == found["hemaqueue_models_unproved"] == 1
    assert found["hemaqueue_dispatcher_probe_age_seconds"] == pytest.approx(4, abs=2)
    assert found["hemaqueue_store_free_bytes"] > 0


def test_what_never_was_heard_is_minus_one() -> None:
    assert samples(text())["hemaqueue_dispatcher_probe_age_seconds"] == -1


def test_the_oldest_is_what_could_have_been_done_longest() -> None:
    Job.objects.filter(pk=a_job().pk).update(available_at=Now() - timedelta(seconds=90))
    Job.objects.filter(pk=a_job().pk).update(available_at=Now() + timedelta(seconds=90))
    name = 'hemaqueue_job_oldest_seconds{queue="inference",lane="normal",state="queued"}'
    assert samples(text())[name] == pytest.approx(90, abs=5)


def test_times_come_from_the_ledger_stage_by_stage() -> None:
    finished(2)
    found = lately(Queue.INFERENCE)
    medians = {stage: round(ranks["p50"]) for stage, ranks in found.stages.items()}
    assert medians == {"queued": 60, "sent": 3, "running": 2, "whole": 65}


def test_parcels_are_counted_by_their_jobs() -> None:
    for size in (1, 1, 1, 6):
        finished(size)
    assert lately(Queue.INFERENCE).parcels == {"p50": 1, "p95": 6, "max": 6}


def test_what_is_long_past_is_not_lately() -> None:
    finished(1, ago=3600)
    assert lately(Queue.INFERENCE).stages == {}


def test_a_lane_of_its_own_is_told_apart() -> None:
    a_job(lane="quarantine")
    found = {(one.lane, one.jobs) for one in depths([Queue.INFERENCE]) if one.state == "queued"}
    assert found == {("normal", 0), ("quarantine", 1)}


def test_a_refused_file_without_a_batch_is_counted(settings: Any) -> None:
    factories.ModelVersionFactory()
    script, name = Script(factories.tessa()), "hemaqueue_single_files_refused_total"
    before = samples(text())[name]
    for refused in (b"no picture", b""):
        assert 400 <= script.upload(refused).status_code < 500
    batch = factories.BatchFactory()
    script.upload(b"no picture", batch=str(batch.pk))
    script.upload(factories.picture_file())
    assert samples(text())[name] == before + 2


def test_nothing_of_a_patient_or_a_person_is_said() -> None:
    image = factories.image()
    factories.job(about=image, state=JobState.QUEUED)
    said = text()
    person = image.uploaded_by
    for word in (image.case.accession, image.case.patient, person.username, image.site.slug):
        assert not word or word not in said


def test_more_jobs_ask_no_more_of_the_database() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(families())
        return len(queries)

    busy()
    before = asked()
    for _ in range(5):
        finished(2)
    assert asked() == before
    assert NEWEST <= 1000
