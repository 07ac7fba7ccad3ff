"""Two administrators let a candidate serve, through the interface."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.registry.models import ModelStatus, ModelVersion
from tests import factories
from tests.people import Script

MODELS = "/api/v1/models/"
GIVEN = {"reason": "Better on every class", "override": "A trial"}


@pytest.fixture
def candidate(adam: User) -> ModelVersion:
    factories.ModelVersionFactory()
    changed = Script(adam).post(f"{MODELS}gates/", {"two_people": True, "reason": "Nobody alone"})
    assert (changed.status_code, changed.json()["two_people"]) == (201, True)
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)


def test_gates_ask_for_one_person_until_somebody_changes_it(adam: User) -> None:
    assert Script(adam).get(f"{MODELS}gates/").json()["two_people"] is False


def test_one_proposes_and_another_one_confirms(
    adam: User, beate: User, candidate: ModelVersion
) -> None:
    here = f"{MODELS}{candidate.pk}/"
    alone = Script(adam).post(f"{here}promote/", GIVEN)
    assert (alone.status_code, alone.json()["code"]) == (409, "two_people_needed")
    made = Script(adam).post(f"{here}proposals/", GIVEN)
    assert made.status_code == 201
    proposal = made.json()
    assert (proposal["standing"], proposal["by"]) == ("open", adam.printed_name)
    assert proposal["open_to"] == [beate.printed_name]
    assert (proposal["reason"], proposal["override"]) == tuple(GIVEN.values())
    confirm = f"{MODELS}proposals/{proposal['id']}/confirm/"
    own = Script(adam).post(confirm)
    assert (own.status_code, own.json()["code"]) == (409, "proposal_own")
    done = Script(beate).post(confirm).json()
    assert (done["standing"], done["ended_by"], done["open_to"]) == (
        "confirmed", beate.printed_name, [],
    )  # fmt: skip
    again = Script(beate).post(confirm)
    assert (again.status_code, again.json()["code"]) == (409, "proposal_ended")
    (activation,) = Script(adam).get(f"{MODELS}activations/").json()["results"]
    assert (activation["proposed_by"], activation["by"]) == (adam.printed_name, beate.printed_name)


def test_a_declined_one_is_listed_with_its_reason(
    adam: User, beate: User, candidate: ModelVersion
) -> None:
    here = f"{MODELS}{candidate.pk}/proposals/"
    first = Script(adam).post(here, GIVEN).json()["id"]
    open_still = Script(beate).post(here, GIVEN)
    assert (open_still.status_code, open_still.json()["code"]) == (409, "proposal_open")
    decline = f"{MODELS}proposals/{first}/decline/"
    assert Script(beate).post(decline, {}).status_code == 400
    said = Script(beate).post(decline, {"reason": "Too few images"}).json()
    assert (said["standing"], said["declined_because"]) == ("declined", "Too few images")
    second = Script(beate).post(here, GIVEN).json()["id"]
    Script(adam).post(f"{MODELS}gates/", {"least_images": 60, "reason": "More"})
    listed = Script(adam).get(here).json()["results"]
    assert [(one["id"], one["standing"]) for one in listed] == [
        (second, "gates_changed"), (first, "declined"),
    ]  # fmt: skip
    stale = Script(adam).post(f"{MODELS}proposals/{second}/confirm/")
    assert (stale.status_code, stale.json()["code"]) == (409, "proposal_stale")


def test_where_one_decides_nothing_is_proposed(adam: User) -> None:
    factories.ModelVersionFactory()
    version = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    said = Script(adam).post(f"{MODELS}{version.pk}/proposals/", GIVEN)
    assert (said.status_code, said.json()["code"]) == (409, "proposal_not_needed")
