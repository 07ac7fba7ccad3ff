"""What readers and technicians used to lose on the way: their queue, their claim, their place."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hemaqueue.notices.models import Notice
from hemaqueue.reviews.blockers import signing_blockers
from hemaqueue.reviews.claims import Claimed, case_claim, claim_standing
from hemaqueue.reviews.models import Decision, Referral
from hemaqueue.reviews.queue import Queue
from hemaqueue.reviews.referring import referral_open
from hemaqueue.reviews.returning import image_return
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import reviews_open
from hemaqueue.reviews.undoing import decision_undo
from hemaqueue.specimens import batches
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db
ALL = Queue(lane="all")
TOKEN = "queue="


def carl() -> Any:
    return factories.person("carl", "clinician", last_name="Habimana")


def waiting() -> SmearImage:
    image = factories.image()
    factories.prediction(image)
    reviews_open([image.case])
    return image


def test_undo_gives_back_the_claim_that_the_decision_ended() -> None:
    clara, image = factories.clara(), waiting()
    case_claim(image.case, by=clara)
    readings.decision(image, by=clara)
    assert claim_standing(image.case) is None
    decision_undo(image, stamp=review_stamp(image), by=clara)
    held = claim_standing(image.case)
    assert held is not None
    assert held.holder == clara


def test_undo_takes_the_case_from_nobody_who_opened_it_since() -> None:
    clara, image, other = factories.clara(), waiting(), carl()
    readings.decision(image, by=clara)
    case_claim(image.case, by=other)
    decision_undo(image, stamp=review_stamp(image), by=clara)
    held = claim_standing(image.case)
    assert held is not None
    assert held.holder == other


def test_undo_opens_the_second_opinion_again() -> None:
    clara, other = factories.clara(), carl()
    case = readings.case_ready(by=other)
    referral_open(case, to=clara, note="Blasts?", by=other)
    image = case.images.get()
    readings.decision(image, by=clara)
    assert Referral.objects.get().answered_at is not None
    decision_undo(image, stamp=review_stamp(image), by=clara)
    assert Referral.objects.get().answered_at is None
    assert "referred" in [one.code for one in signing_blockers(case)]


def test_an_opinion_given_in_words_stays_given_after_undo() -> None:
    clara, other = factories.clara(), carl()
    case = readings.case_ready(by=other, images=2)
    asked = referral_open(case, to=clara, note="Blasts?", by=other)
    first = case.images.first()
    assert first is not None
    readings.decision(first, by=clara)
    Script(clara).post(f"/api/v1/referrals/{asked.pk}/answer/", {"note": "As I said."})
    decision_undo(first, stamp=review_stamp(first), by=clara)
    assert Referral.objects.get().answered_at is not None


def test_the_last_decision_of_a_queue_is_undone_from_the_worklist() -> None:
    clara, image = factories.clara(), waiting()
    browser = logged_in(clara)
    body = {"choice": "early_pre_b", "seen": review_stamp(image)}
    sent = browser.post(f"{reverse('image_decide', args=[image.pk])}?queue={ALL.token}", body)
    page = browser.get(sent["Location"])
    assert page.context["undo"] is not None
    undo = page.context["undo"]
    assert f'action="{undo.url}"' in page.content.decode()
    back = browser.post(undo.url, {"stamp": undo.stamp})
    assert back["Location"].startswith(reverse("image", args=[image.pk]))
    assert "queue=" in back["Location"]
    assert not Decision.objects.exists()


def test_returning_and_referring_keep_the_queue() -> None:
    browser, image, other = logged_in(factories.clara()), waiting(), carl()
    page = browser.get(f"{reverse('image', args=[image.pk])}?queue={ALL.token}")
    shown = page.context["result"]
    form = browser.get(shown.return_url).content.decode()
    assert f"{reverse('image', args=[image.pk])}?queue=" in form
    assert TOKEN in browser.get(shown.refer_url).context["back"]
    sent = browser.post(shown.return_url, {"reason": "poor_focus"})
    assert TOKEN in sent["Location"]
    asked = {"colleague": other.username, "note": "Blasts?"}
    assert browser.post(shown.refer_url, asked)["Location"] == f"{reverse('worklist')}?lane=all"


def test_a_heatmap_asked_for_without_script_keeps_the_queue() -> None:
    browser, image = logged_in(factories.clara()), waiting()
    page = browser.get(f"{reverse('image', args=[image.pk])}?queue={ALL.token}")
    scores = page.context["result"].outcome.scores
    assert TOKEN in scores.ask_url
    assert all(TOKEN in way.page_url for row in scores.rows for way in row.ways)
    assert TOKEN in browser.post(scores.ask_url, {"label": "pro_b"})["Location"]


def test_nobody_signs_what_another_reads_at_the_moment() -> None:
    clara, other = factories.clara(), carl()
    case = readings.case_ready(by=clara)
    case_claim(case, by=other)
    with pytest.raises(Claimed):
        readings.signature(case, by=clara)
    browser = logged_in(clara)
    body = {"password": factories.PASSWORD, "meaning": "reviewed", "stamp": readings.stamp(case)}
    refused = browser.post(reverse("case_sign", args=[case.pk]), body)
    assert refused.status_code == 409
    assert "Carl Habimana reads this case" in refused.content.decode()
    asked = browser.post(f"/api/v1/cases/{case.pk}/sign/", body, "application/json")
    assert asked.json()["code"] == "claimed"
    browser.post(reverse("case_claim", args=[case.pk]), {"reason": "They left."})
    assert browser.post(reverse("case_sign", args=[case.pk]), body).status_code == 302
    assert claim_standing(case) is None


def test_a_card_is_reclassed_without_script_and_its_gallery_comes_again() -> None:
    browser, image = logged_in(factories.clara()), waiting()
    address = f"{reverse('gallery')}?case={image.case_id}"
    card = reverse("gallery_card", args=[image.pk])
    page = browser.get(address).content.decode()
    assert '<noscript><details class="fold">' in page
    assert f'action="{card}?case={image.case_id}"' in page
    body = {"label": "pre_b", "reason": "morphology"}
    assert browser.post(f"{card}?case={image.case_id}", body)["Location"] == address
    assert Decision.objects.get().label == "pre_b"
    assert browser.post(f"{card}?lane=clear", body)["Location"].endswith("?lane=clear")


def test_the_tile_of_what_is_mine_counts_the_lane() -> None:
    clara, otto = factories.clara(), factories.otto()
    theirs = factories.CaseFactory(site=factories.SiteFactory(slug="elsewhere"))
    factories.prediction(factories.image(case=theirs))
    readings.decision(theirs.images.get(), by=otto)
    referral_open(theirs, to=clara, note="Blasts?", by=otto)
    case_claim(waiting().case, by=clara)
    browser = logged_in(clara)
    numbers = browser.get(reverse("home")).context["numbers"]
    home = {tile.word: tile.number for _, tiles in numbers.groups for tile in tiles}
    rows = browser.get(f"{reverse('worklist')}?lane=mine").context["rows"]
    assert (home["Mine"], len(rows)) == ("2", 2)


def test_the_page_of_an_image_sent_back_leads_to_the_answer() -> None:
    image = waiting()
    image_return(image, reason="poor_focus", note="The edge only.", by=factories.clara())
    page = logged_in(factories.tessa()).get(reverse("image", args=[image.pk])).content.decode()
    assert reverse("image_returned", args=[image.pk]) in page
    assert "The edge only." in page
    told = Notice.objects.get(kind="image_returned")
    assert (told.to, told.subject, told.facts) == (
        factories.tessa(), image.pk, {"reason": "poor_focus"},
    )  # fmt: skip


def test_a_held_image_is_a_blocker_of_its_own() -> None:
    case = readings.case_ready(by=factories.clara())
    factories.image(case=case, held_at="2026-11-21T08:00:00Z", quality_flags=["out_of_focus"])
    assert [one.code for one in signing_blockers(case)] == ["held"]


def test_a_preliminary_report_waits_for_the_second_readers_own_word() -> None:
    clara, other = factories.clara(), carl()
    case = readings.case_ready(by=other)
    readings.ReviewPolicy.objects.create(
        site=case.site, double_read_percent=100, by=factories.adam(), reason="Twice"
    )
    report = factories.report(case, by=other)
    for answer in (
        Script(clara).get(f"/api/v1/reports/{report.pk}/"),
        logged_in(clara).get(reverse("report_file", args=[report.pk])),
    ):
        assert answer.status_code == 409
        assert b"first_read_due" in answer.content
    readings.decision(case.images.get(), by=clara)
    assert Script(clara).get(f"/api/v1/reports/{report.pk}/").status_code == 200


def test_a_full_batch_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_FILES", 2)
    factories.ModelVersionFactory()
    script, batch = Script(factories.tessa()), factories.BatchFactory()
    codes = [
        script.upload(factories.picture_file(seed), batch=str(batch.pk)).status_code
        for seed in (1, 2, 3, 1)
    ]
    assert codes == [202, 202, 422, 200]
    file = SimpleUploadedFile("a.png", factories.picture_file(9), "image/png")
    facts = {"specimen": "marrow", "stain": "Giemsa", "kind": "synthetic", "file": file}
    browser: Client = logged_in(factories.tessa())
    body = facts | {"site": str(batch.site_id)}
    refused = browser.post(reverse("batch_file", args=[batch.pk]), body)
    assert (refused.status_code, refused["X-Row"]) == (422, "refused")
    assert "batch_full" in refused.content.decode()
