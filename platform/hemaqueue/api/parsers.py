"""JSON that means one thing: a key that stands twice is refused, and so is what is no number."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, get_encoding  # type: ignore[attr-defined]

from hemaqueue.common.errors import PlatformError

Pairs = list[tuple[str, Any]]


class DuplicateKey(PlatformError):
    """A key stands twice in one JSON object. Which value is meant?"""

    code = "duplicate_key"
    status = 400


class OneMeaningParser(JSONParser):
    """RFC 8259 lets parsers choose what a repeated key means; people never see what they chose."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says.

        Raises:
            DuplicateKey: an object has a key twice, at any depth.
            ParseError: it is no JSON, or has a number that is none.
        """
        reader = codecs.getreader(get_encoding(parser_context or {}))
        try:
            return json.load(
                reader(stream),
                object_pairs_hook=each_key_once,
                parse_constant=no_number,
                parse_float=finite,
            )
        except ValueError as error:
            raise ParseError from error


def each_key_once(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise DuplicateKey
    return found


def finite(text: str) -> float:
    """Return the number; `1e999` is none that could be kept."""
    number = float(text)
    return number if math.isfinite(number) else no_number(text)


def no_number(text: str) -> NoReturn:
    raise ValueError("no finite number")
