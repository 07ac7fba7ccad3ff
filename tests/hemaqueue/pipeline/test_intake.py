"""A file goes when its row is certainly not there, and stays when nobody knows."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from hemaqueue.accounts.models import User
from hemaqueue.pipeline import intake
from hemaqueue.pipeline.intake import Accepted, smear_accept
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.services import CaseContext
from jobcontract import storage
from tests import factories
from tests.pictures import picture_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tessa() -> User:
    factories.ModelVersionFactory()
    return factories.tessa()


def send(by: User) -> Accepted:
    context = CaseContext(site=factories.SiteFactory(), kind="synthetic", accession="BM-1")
    return smear_accept(picture_file(1), name="a.png", context=context, by=by)


def test_a_commit_whose_answer_is_lost_keeps_its_file(
    tessa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database ends after the commit and before it says so; the sender tries again."""
    commit = connection.commit

    def commit_and_lose_the_answer() -> None:
        commit()
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as lost:
        lost.setattr(connection, "commit", commit_and_lose_the_answer)
        with pytest.raises(OperationalError):
            send(tessa)
    again = send(tessa)
    assert again.is_duplicate
    assert storage.exists(again.image.key)


def test_what_was_not_recorded_leaves_no_file(tessa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    before = set(storage.keys("images"))
    monkeypatch.setattr(intake.steps, "smear_submitted", away)
    with pytest.raises(OperationalError):
        send(tessa)
    assert not SmearImage.objects.exists()
    assert set(storage.keys("images")) == before
