"""What an upload is found to be, seen from the web process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from hemaqueue.specimens.intake import Inspected, inspect_upload
from hemaqueue.specimens.intake import upload as door
from jobcontract.imaging import REFUSALS, ImageRefused, canonical_picture
from tests import corpus_parts as parts
from tests.corpus import CASES, Case
from tests.corpus_hostile import HOSTILE
from tests.corpus_mutants import mutants


@pytest.fixture(autouse=True, scope="module")
def helpers_end_with_the_module() -> Iterator[None]:
    yield
    if door._pool is not None:
        door._pool.close()


def decoded(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)


@pytest.mark.parametrize("case", (*CASES, *HOSTILE), ids=lambda case: case.id)
def test_a_file_is_accepted_or_refused_as_the_table_says(case: Case) -> None:
    code = case.upload_code or case.code
    if code:
        with pytest.raises(ImageRefused) as refused:
            inspect_upload(case.data(), name=case.name)
        assert (refused.value.code, refused.value.status) == (code, case.status)
        assert refused.value.sentence.endswith(REFUSALS[code].advice)
    else:
        found = inspect_upload(case.data(), name=case.name)
        height, width = canonical_picture(case.data()).shape[:2]
        assert (found.width, found.height) == (width, height)


def test_an_upload_comes_back_with_all_that_is_stored() -> None:
    data = parts.encoded(".jpg", parts.field(2000, 1500))
    found = inspect_upload(data, name="Field 12.JPG", content_type="image/jpeg")
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.width, found.height, found.format) == (2000, 1500, "JPEG")
    assert decoded(found.preview).shape == (960, 1280, 3)
    assert decoded(found.thumbnail).shape == (256, 256, 3)
    assert -(2**63) <= found.perceptual_hash < 2**63
    assert found.quality.flags == ()


def test_a_small_picture_is_not_enlarged() -> None:
    found = inspect_upload(parts.png())
    assert decoded(found.preview).shape == (64, 96, 3)
    assert decoded(found.thumbnail).shape == (64, 64, 3)
    assert "small" in found.quality.flags


def test_a_black_picture_is_accepted_and_flagged() -> None:
    found = inspect_upload(parts.png(rows=[bytes(288)] * 64))
    assert "no_content" in found.quality.flags


@pytest.mark.parametrize("row", [30, 31, 34, 35])
def test_nothing_of_the_files_text_is_in_what_is_shown(row: int) -> None:
    data = next(case for case in CASES if case.row == row).data()
    found = inspect_upload(data)
    for shown in (found.preview, found.thumbnail):
        assert parts.MARKER.encode() not in shown
        assert b"Exif" not in shown
        assert b"script" not in shown
        assert shown.endswith(b"\xff\xd9")


def test_a_turned_picture_is_shown_upright() -> None:
    data = next(case for case in CASES if case.row == 30).data()
    found = inspect_upload(data)
    assert (found.width, found.height) == (64, 96)
    assert decoded(found.preview).shape == (96, 64, 3)


def test_a_declared_type_that_is_wrong_is_refused() -> None:
    with pytest.raises(ImageRefused) as refused:
        inspect_upload(parts.png(), content_type="image/jpeg")
    assert refused.value.code == "type_mismatch"
    assert inspect_upload(parts.png(), content_type="application/octet-stream").format == "PNG"


@pytest.mark.parametrize(
    "name",
    [
        "../../x.png",
        "a\x00.png",
        "x" * 300 + ".png",
        "‮gnp.png",
        "😀.png",
        "CON.png",
        "a\r\nX: y.png",
    ],
)
def test_a_strange_name_is_no_reason_to_refuse(name: str) -> None:
    assert inspect_upload(parts.png(), name=name).format == "PNG"


def test_a_file_above_64_mebibytes_is_refused_unread() -> None:
    with pytest.raises(ImageRefused) as refused:
        inspect_upload(bytes(64 * 1024 * 1024 + 1))
    assert (refused.value.code, refused.value.status) == ("file_too_large", 413)


def test_eight_threads_each_get_their_own_answer() -> None:
    files = [parts.encoded(".png", parts.field(64 + number, 64)) for number in range(8)]
    found: dict[int, list[Inspected]] = {number: [] for number in range(8)}

    def send(number: int) -> None:
        found[number] += [inspect_upload(files[number]) for _ in range(20)]

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, answers in found.items():
        assert [answer.width for answer in answers] == [64 + number] * 20


def test_no_mutant_does_more_than_be_refused() -> None:
    outcomes = {_outcome(data) for _, data in mutants(300)}
    assert outcomes <= {"", *REFUSALS} - {"image_decoder_crashed", "image_decoder_timeout"}


@pytest.mark.long
def test_no_mutant_of_ten_thousand_crashes_or_hangs() -> None:
    outcomes = {_outcome(data) for _, data in mutants(10_000, seed=99)}
    assert outcomes <= {"", *REFUSALS} - {"image_decoder_crashed", "image_decoder_timeout"}


def test_similar_pictures_have_similar_hashes() -> None:
    picture = parts.field(320, 240)
    brighter = cv2.convertScaleAbs(picture, alpha=0.9, beta=20)
    one, like, other = (
        inspect_upload(parts.encoded(".jpg", each)).perceptual_hash
        for each in (picture, brighter, parts.field(320, 240, seed=9))
    )
    assert (one ^ like).bit_count() <= 6
    assert ((one ^ other) & (2**64 - 1)).bit_count() > 16


def _outcome(data: bytes) -> str:
    try:
        inspect_upload(data)
    except ImageRefused as refused:
        return refused.code
    return ""
