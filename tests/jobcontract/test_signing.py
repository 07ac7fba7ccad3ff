"""Only this installation gives orders."""

from __future__ import annotations

import pytest

from jobcontract.signing import ForgedMessage, Salt, sign, verify


def test_a_letter_comes_back_as_it_was_signed() -> None:
    assert verify(sign({"job": "1"}, salt=Salt.WORK), salt=Salt.WORK) == {"job": "1"}


@pytest.mark.parametrize(
    "letter", ["", "no signature", "{}.abc", sign({"job": "1"}, salt=Salt.NEWS), None, 7]
)
def test_what_was_not_signed_as_work_is_refused(letter: object) -> None:
    with pytest.raises(ForgedMessage):
        verify(letter, salt=Salt.WORK)  # type: ignore[arg-type]


def test_an_altered_letter_is_refused() -> None:
    letter = sign({"job": "1"}, salt=Salt.WORK)
    with pytest.raises(ForgedMessage):
        verify(letter.replace("1", "2", 1), salt=Salt.WORK)
