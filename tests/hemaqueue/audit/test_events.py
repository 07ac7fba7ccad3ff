"""Who did what, and never a word of a patient."""

from __future__ import annotations

import io
import json
import logging

import pytest
from pytest import LogCaptureFixture

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.audit.selectors import audit_search
from hemaqueue.audit.services import audit_denied, audit_record
from hemaqueue.common.logs import JsonFormatter
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db

CANARY = "Canary Mustermann"


def test_an_event_says_who_what_where_and_when(tessa: User) -> None:
    image = factories.image()
    answer = Script(tessa).get(f"/api/v1/images/{image.pk}/")
    event = AuditEvent.objects.get(action="image.view")
    assert event.actor == tessa
    assert (event.object_type, event.object_id) == ("smearimage", str(image.pk))
    assert event.site == image.site
    assert event.address == "127.0.0.1"
    assert event.request_id == answer["X-Request-ID"]
    assert event.at is not None


def test_a_denial_names_what_was_asked_for(otto: User) -> None:
    image = factories.image()
    Script(otto).get(f"/api/v1/images/{image.pk}/")
    event = AuditEvent.objects.get(outcome="denied")
    assert (event.actor, event.action, event.object_id) == (otto, "api.image.get", str(image.pk))


def test_neither_trail_nor_log_holds_a_word_of_a_patient(
    tessa: User, clara: User, caplog: LogCaptureFixture
) -> None:
    factories.ModelVersionFactory()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    try:
        script = Script(tessa)
        script.upload(factories.picture_file(4), name=f"{CANARY}.png", accession=CANARY)
        script.upload(b"no picture", name=f"{CANARY}.png", patient=CANARY)
        script.get("/api/v1/images/", data={"accession": CANARY})
        Script(clara).post("/report", {"case": CANARY})
        script.get(f"/api/v1/{CANARY}/")
    finally:
        logging.getLogger().removeHandler(handler)
    events = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert "Canary" not in events
    assert "Canary" not in out.getvalue() + caplog.text


def test_an_administrator_searches_their_own_sites(adam: User, tessa: User, otto: User) -> None:
    ours = audit_record("image.view", by=tessa, site=factories.SiteFactory().pk)
    theirs = audit_record("image.view", by=otto, site=factories.SiteFactory(slug="elsewhere").pk)
    denied = audit_denied("image.view", by=otto)
    found = set(audit_search(adam))
    assert {ours, denied} <= found
    assert theirs not in found
    assert not audit_search(tessa).exists()


def test_a_rolled_back_act_leaves_no_event(tessa: User) -> None:
    before = AuditEvent.objects.count()
    answer = Script(tessa).upload(factories.picture_file())  # no model serves: nothing is stored
    assert answer.status_code == 409
    assert AuditEvent.objects.count() == before
