"""A row whose SQL is built once is the row that Django would have saved."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.inserting import row_insert
from hemaqueue.specimens.models import Case, Specimen
from tests import factories

pytestmark = pytest.mark.django_db


def a_case(**facts: object) -> Case:
    return Case(site=factories.SiteFactory(), created_by=factories.UserFactory(), **facts)


def test_it_reads_back_as_it_was_written() -> None:
    case = row_insert(a_case(accession="A'1", patient="p-7", urgent=True))
    kept = Case.objects.get(pk=case.pk)
    names = [field.attname for field in Case._meta.concrete_fields]
    assert [getattr(kept, one) for one in names] == [getattr(case, one) for one in names]
    assert not case._state.adding


def test_what_the_database_gives_is_in_the_row() -> None:
    event = row_insert(AuditEvent(action="image.view", details={"n": 1}))
    kept = AuditEvent.objects.get(pk=event.pk)
    assert (kept.at, kept.details) == (event.at, {"n": 1})


def test_it_can_be_saved_again_like_any_other() -> None:
    specimen = row_insert(Specimen(case=row_insert(a_case(accession="A-2")), type="blood"))
    specimen.type = "marrow"
    with CaptureQueriesContext(connection) as asked:
        specimen.save()
    assert [one["sql"][:6] for one in asked] == ["UPDATE"]


def test_what_is_there_already_is_refused() -> None:
    case = row_insert(a_case(accession="A-3"))
    again = Case(site=case.site, created_by=case.created_by, accession="A-3")
    with pytest.raises(IntegrityError):
        row_insert(again)
