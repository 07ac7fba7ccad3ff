"""The catalogues: complete, compiled, and saying nothing that the product must not say.

What is red here is mended by `python manage.py makemessages` and a translation.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Missing
from hemaqueue.common.management.commands.makemessages import (
    as_mo,
    as_po,
    catalogue_path,
    is_translated,
    languages,
    read,
    sentences,
    updated,
)
from hemaqueue.common.told import advised, told
from hemaqueue.predictions.classes import CLASSES
from tests import factories
from tests.hemaqueue.web.conftest import signed_in

PLACES = re.compile(r"%\(\w+\)[.0-9]*[sdf]|%[sd]|%%|\{\w+\}|<[^>]+>")
CODES = languages()


def pairs(code: str) -> list[tuple[str, str]]:
    """Return each English sentence with what is said instead, plurals one by one."""
    found = []
    for message in read(catalogue_path(code), code):
        if message.id:
            several = isinstance(message.id, tuple)
            ids = message.id if several else (message.id,)
            said = message.string if several else (message.string,)
            found += list(zip(ids, said, strict=True))
    return found


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_exactly_what_is_said(code: str) -> None:
    kept = read(catalogue_path(code), code)
    said = {(message.id, message.context) for message in sentences() if message.id}
    assert {(message.id, message.context) for message in kept if message.id} == said


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_left_to_translate_or_to_guess(code: str) -> None:
    left = [m.id for m in read(catalogue_path(code), code) if m.id and not is_translated(m)]
    assert left == []


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_catalogue_is_that_of_the_text(code: str) -> None:
    path = catalogue_path(code)
    kept = read(path, code)
    assert path.with_suffix(".mo").read_bytes() == as_mo(kept)
    assert path.read_bytes() == as_po(updated(kept, sentences()))


@pytest.mark.parametrize("code", CODES)
def test_a_translation_keeps_what_is_filled_in(code: str) -> None:
    torn = [
        (english, said)
        for english, said in pairs(code)
        if sorted(PLACES.findall(english)) != sorted(PLACES.findall(said))
    ]
    assert torn == []


@pytest.mark.parametrize("code", CODES)
def test_no_language_promises_what_the_product_does_not_do(code: str) -> None:
    assert [said for _english, said in pairs(code) if "diagnos" in said.lower()] == []


def test_classes_are_named_in_french_from_the_one_table() -> None:
    with translation.override("fr"):
        named = {code: str(words.name) for code, words in CLASSES.items()}
        assert str(CLASSES["pro_b"].long) == "LAL pro-B"
    assert named["early_pre_b"] == "Pré-B précoce"


def test_a_stored_sentence_is_told_in_the_readers_language() -> None:
    with_numbers = "The picture has 20000 by 10 pixels."
    assert told(with_numbers, code="image_too_large") == with_numbers
    with translation.override("fr"):
        assert told(with_numbers, code="image_too_large") == "L’image a trop de pixels."
        assert advised("", code="unsupported_type").startswith("Envoyez du JPEG")
        assert told("A worker fell over 3 times.", code="x", otherwise="Voilà.") == "Voilà."
        assert Missing().sentence == "Il n’y a rien ici que vous puissiez voir."
        assert Missing().detail == "There is nothing here that you may see."


@pytest.mark.django_db
def test_pages_speak_french_to_whom_chose_it() -> None:
    clara = factories.clara()
    User.objects.filter(pk=clara.pk).update(language="fr")
    factories.prediction(factories.image())
    browser = signed_in(User.objects.get(pk=clara.pk))
    shown = browser.get("/").content.decode()
    for words in ("Bonjour, Clara", "Liste de travail", "Pré-B précoce", "aide à la décision"):
        assert words in shown, words
    assert "à l’instant" in browser.get(reverse("history")).content.decode()
    refused = browser.get("/images/00000000-0000-4000-8000-000000000000/").content.decode()
    assert "There is" not in refused


def test_the_entrance_speaks_french(client: Client, db: None) -> None:
    shown = client.get("/account/login/", headers={"Accept-Language": "fr"}).content.decode()
    assert "Se connecter" in shown
