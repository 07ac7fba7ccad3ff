"""What is not yours is in no list, no count, no filter, no body."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories
from tests.hemaqueue.access.world import World
from tests.people import Script

pytestmark = pytest.mark.django_db

LISTS = ["api:images", "api:cases", "api:batches"]


@pytest.mark.parametrize("route", LISTS)
def test_lists_hold_the_own_sites_rows_only(world: World, route: str) -> None:
    mine = Script(world.people["technician"]).get(reverse(route)).json()
    theirs = Script(world.people["outsider"]).get(reverse(route)).json()
    assert mine["results"]
    assert theirs == {"next": None, "results": []}


def test_a_guest_sees_the_shared_case_and_nothing_beside_it(world: World) -> None:
    factories.image(case=factories.CaseFactory())
    script, _ = world.enter("guest")
    images = script.get(reverse("api:images")).json()["results"]
    cases = script.get(reverse("api:cases")).json()["results"]
    shared = {str(case.pk) for case in world.shared}
    assert {one["case_id"] for one in images} == shared
    assert {one["id"] for one in cases} == shared
    assert script.get(reverse("api:batches")).json()["results"] == []


def filters(world: World) -> list[dict[str, Any]]:
    return [
        {"batch": world.batch.pk},
        {"case": world.case.pk},
        {"site": world.case.site.slug},
        {"site": world.case.site.pk},
        {"accession": world.case.accession},
        {"label": "early_pre_b"},
        {"status": "done"},
    ]


def test_filters_reach_nothing_foreign(world: World) -> None:
    script = Script(world.people["outsider"])
    for asked in filters(world):
        answer = script.get(reverse("api:images"), data=asked)
        assert answer.json() == {"next": None, "results": []}, asked


def test_a_cursor_of_another_site_opens_nothing(world: World) -> None:
    page = {"page_size": 1}
    mine = Script(world.people["technician"]).get(reverse("api:images"), data=page).json()
    assert mine["next"]
    assert Script(world.people["outsider"]).get(mine["next"]).json()["results"] == []


def test_a_foreign_batch_in_the_body_is_as_unknown_as_none(world: World) -> None:
    factories.ModelVersionFactory()
    script = Script(world.people["outsider"])
    data = factories.picture_file(77)
    foreign = script.upload(data, batch=str(world.batch.pk)).json()
    missing = script.upload(data, batch="00000000-0000-4000-8000-000000000000").json()
    assert foreign.pop("request_id") != missing.pop("request_id")
    assert foreign == missing
    assert foreign["errors"][0]["field"] == "batch"


def test_a_foreign_site_in_the_body_is_as_unknown_as_none(world: World) -> None:
    script = Script(world.people["outsider"])
    said = [
        script.post(reverse("api:batches"), {"site": site}).json()["errors"]
        for site in (world.case.site.slug, str(world.case.site.pk), "no-such-site")
    ]
    assert said[0] == said[1] == said[2]


def test_rights_end_with_the_next_request(world: World) -> None:
    script = Script(world.people["technician"])
    address = reverse("api:image", args=[world.image.pk])
    assert script.get(address).status_code == 200
    world.people["technician"].memberships.all().delete()
    assert script.get(address).status_code == 403


def test_a_share_ends_with_the_next_request(world: World) -> None:
    guest, _ = world.enter("guest")
    address = reverse("api:case", args=[world.case.pk])
    assert guest.get(address).status_code == 200
    share = reverse("api:case_share", args=[world.case.pk])
    Script(world.people["clinician"]).delete(share, {"colleague": "otto"})
    assert guest.get(address).status_code == 404


def test_nobody_holds_rights_on_whole_models(world: World) -> None:
    """Guardian would open every object to them."""
    for user in world.people.values():
        assert not user.user_permissions.exists()
        assert not user.groups.exists()
        assert not user.is_superuser
