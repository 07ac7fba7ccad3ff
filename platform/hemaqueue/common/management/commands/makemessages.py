"""`manage.py makemessages`: every sentence of code and templates into the catalogues.

Django's own command needs GNU gettext; this one needs Babel, so that it runs, and its result is
tested, wherever the tests run. It writes the .po files, keeps what is translated, drops what is
no longer said, and compiles the .mo files that the platform reads.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

import hemaqueue
from hemaqueue.common.errors import PlatformError
from jobcontract.image_refusals import REFUSALS

CODE = ("platform/hemaqueue",)
BEGUN = datetime(2026, 11, 21, tzinfo=UTC)  # one date, so that a file changes with its words
HEADER = "# What Hemaqueue says, in another language. `manage.py makemessages` keeps it complete."
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
Found = tuple[str, Any, str | None]  # where; a sentence, or its singular and plural; its context


class Command(BaseCommand):
    help = "Collect every sentence to translate, and compile the catalogues."

    def handle(self, *args: Any, **options: Any) -> None:
        template = sentences()
        for code in languages():
            path = catalogue_path(code)
            catalogue = updated(read(path, code), template)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_po(catalogue))
            path.with_suffix(".mo").write_bytes(as_mo(catalogue))
            left = sum(1 for message in catalogue if message.id and not is_translated(message))
            self.stdout.write(f"{code}: {len(catalogue)} sentences, {left} to translate")


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue_path(code: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.po"


def read(path: Path, code: str) -> Catalog:
    if not path.exists():
        return Catalog(
            locale=code, project="Hemaqueue", charset="utf-8", fuzzy=False, header_comment=HEADER
        )
    with path.open("rb") as file:
        return read_po(file, locale=code)


def sentences() -> Catalog:
    """Return every sentence that the platform says, each with the files that say it."""
    found = Catalog(project="Hemaqueue", charset="utf-8")
    for where, sentence, context in (*_in_code(), *_in_templates(), *_in_refusals()):
        found.add(sentence, locations=[(where, 0)], context=context)
    return found


def _in_code() -> Iterator[Found]:
    for folder in CODE:
        for path in sorted((settings.ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _called(path, path.read_bytes())


def _in_templates() -> Iterator[Found]:
    for path in sorted((settings.ROOT / "frontend_templates").rglob("*.html")):
        calls = templatize(path.read_text(), origin=str(path))
        flush = "\n".join(line.lstrip() for line in calls.splitlines())  # no indentation to read
        yield from _called(path, flush.encode())


def _called(path: Path, source: bytes) -> Iterator[Found]:
    where = path.relative_to(settings.ROOT).as_posix()
    for _line, sentence, _comments, context in extract("python", BytesIO(source), KEYWORDS):
        yield where, sentence, context


def _in_refusals() -> Iterator[Found]:
    """Yield what is refused and why: a refusal's docstring is its sentence."""
    for module in pkgutil.walk_packages(hemaqueue.__path__, "hemaqueue."):
        if ".management." not in module.name and ".settings." not in module.name:
            importlib.import_module(module.name)
    for kind in _kinds(PlatformError):
        if kind.__doc__:
            yield kind.__module__.replace(".", "/"), kind.__doc__.strip().splitlines()[0], None
    for refusal in REFUSALS.values():
        yield "jobcontract/image_refusals", refusal.title, None
        yield "jobcontract/image_refusals", refusal.advice, None


def _kinds(kind: type[PlatformError]) -> Iterator[type[PlatformError]]:
    yield kind
    for narrower in kind.__subclasses__():
        if narrower.__module__.startswith("hemaqueue."):
            yield from _kinds(narrower)


def updated(catalogue: Catalog, template: Catalog) -> Catalog:
    """Return the catalogue with exactly the sentences of `template`; what is known is kept."""
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def is_translated(message: Any) -> bool:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(said) and all(said) and not message.fuzzy


def as_po(catalogue: Catalog) -> bytes:
    """Return the .po file: sorted, without line numbers, so that a change shows as itself."""
    catalogue.creation_date = catalogue.revision_date = BEGUN
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    return file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()
