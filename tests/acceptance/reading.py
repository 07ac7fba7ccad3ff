"""The moves that every reader makes: agree by key, choose by key, sign."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.acceptance.hospital import Hospital

#: The key of each class on the decision panel, in the order of the class table.
KEYS = {"benign": "1", "early_pre_b": "2", "pre_b": "3", "pro_b": "4"}


def open_image(page: Page, image: str) -> None:
    page.goto(f"/images/{image}/")
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()


def decide(page: Page, key: str) -> int:
    """Choose by key, confirm with Enter; return the status of the answer."""
    page.keyboard.press(key)
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "/images/" in answer.url
    ) as answer:
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    return answer.value.status


def recorded(hospital: Hospital, image: str) -> list[tuple[str, str]]:
    """Return who said what of an image, as the ledger has it."""
    return hospital.rows(
        "SELECT u.username, d.choice || ':' || d.label FROM reviews_decision d"
        " JOIN accounts_user u ON u.id = d.reader_id WHERE d.image_id = %s ORDER BY d.at",
        image,
    )


def agree_to_all(page: Page, hospital: Hospital, images: list[str]) -> None:
    """Choose for each image the class that was suggested, by its digit."""
    suggested = hospital.predictions(images)
    for image in images:
        open_image(page, image)
        assert decide(page, KEYS[suggested[image]]) < 300


def sign(page: Page, hospital: Hospital, case: str, *, name: str) -> None:
    page.goto(f"/cases/{case}/sign/")
    page.get_by_label("What your signature means").select_option("reviewed")
    page.get_by_label("Your password").fill(hospital.password_of(name))
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed by").first).to_be_visible()
