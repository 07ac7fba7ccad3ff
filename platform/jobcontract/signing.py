"""Messages are signed, so that whoever can write to Redis cannot give orders.

Work and news have salts of their own: one can never be replayed as the other.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Any

from itsdangerous import BadSignature, Serializer

from jobcontract.environment import secret


class Salt(StrEnum):
    WORK = "work"
    NEWS = "news"
    BUNDLE = "bundle"
    BACKUP = "backup"


class ForgedMessage(Exception):
    """The message was not signed by this installation."""


def _serializer(salt: Salt) -> Serializer[str]:
    return Serializer(
        secret("HEMAQUEUE_MESSAGE_KEY"),
        salt=f"hemaqueue.{salt}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )


def sign(values: Any, *, salt: Salt) -> str:
    return _serializer(salt).dumps(values)


def verify(letter: str, *, salt: Salt) -> Any:
    """Return the values that were signed.

    Raises:
        ForgedMessage: the letter was altered, or signed with another key or salt.
    """
    try:
        return _serializer(salt).loads(letter)
    except (BadSignature, TypeError, AttributeError) as error:
        raise ForgedMessage from error
