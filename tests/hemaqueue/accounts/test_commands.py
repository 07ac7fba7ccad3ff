"""Making sites and people from the command line."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Refused
from hemaqueue.pipeline.people import user_add
from hemaqueue.registry.models import ModelStatus, ModelVersion
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_site_is_made_once(db: None) -> None:
    run("create_site", "kfh", "King Faisal Hospital")
    run("create_site", "kfh", "King Faisal Hospital")
    assert Site.objects.get().name == "King Faisal Hospital"


def test_a_person_gets_a_password_that_works(db: None) -> None:
    factories.SiteFactory()
    said = run("create_user", "gloria", "--site", "demo", "--role", "clinician")
    password = said.rsplit(" ", 1)[1].strip()
    gloria = User.objects.get()
    assert len(password) >= 12
    assert gloria.check_password(password)
    assert Membership.objects.get().role == "clinician"
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"user.create", "user.role"}


def test_a_known_person_gets_a_role_and_keeps_their_password(tessa: User) -> None:
    factories.SiteFactory(slug="second")
    said = run("create_user", "tessa", "--site", "second", "--role", "clinician")
    assert "Password" not in said
    assert tessa.memberships.count() == 2
    tessa.refresh_from_db()
    assert tessa.check_password(factories.PASSWORD)


def test_an_unknown_site_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="create_site"):
        run("create_user", "gloria", "--site", "nowhere", "--role", "clinician")


def test_weak_passwords_are_refused(db: None) -> None:
    with pytest.raises(Refused):
        user_add("gloria", password="short")


def test_the_demo_is_refused_elsewhere(db: None) -> None:
    with pytest.raises(CommandError):
        run("demo_setup")


@pytest.fixture
def demo(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"DEMONSTRATION": True}
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))
    return dict(json.loads(run("demo_setup").splitlines()[-1]))


def test_the_demo_has_people_of_each_role_and_models(db: None, demo: dict[str, Any]) -> None:
    roles = Membership.objects.values_list("user__username", "role", "site__slug")
    assert set(roles) == {
        ("tessa", "technician", "demo"),
        ("clara", "clinician", "demo"),
        ("adam", "administrator", "demo"),
        ("otto", "clinician", "elsewhere"),
    }
    serving = ModelVersion.objects.filter(status=ModelStatus.SERVING)
    assert set(serving.values_list("image_kind", flat=True)) == {"field", "synthetic"}
    assert (
        Script(headers={"Authorization": f"Bearer {demo['token']}"})
        .get("/api/v1/status/")
        .status_code
        == 200
    )


def test_the_demos_logins_work_and_stay_the_same(db: None, demo: dict[str, Any]) -> None:
    for login in demo["logins"]:
        assert User.objects.get(username=login["username"]).check_password(login["password"])
        assert len(login["password"]) >= 12
    again = json.loads(run("demo_setup").splitlines()[-1])
    assert again["logins"] == demo["logins"]
