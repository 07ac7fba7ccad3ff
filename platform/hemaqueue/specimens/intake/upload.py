"""The door of intake: bytes in, an inspected picture or a refusal out."""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
from pathlib import PurePosixPath
from typing import Any

from hemaqueue.specimens.intake.examine import Inspected
from hemaqueue.specimens.intake.framing import Message
from hemaqueue.specimens.intake.pool import HelperPool
from jobcontract.image_facts import MOST_BYTES
from jobcontract.image_quality import Quality
from jobcontract.image_refusals import REFUSALS, ImageRefused

_lock = threading.Lock()
_pool: HelperPool | None = None


def inspect_upload(data: bytes, *, name: str = "", content_type: str = "") -> Inspected:
    """Check a file in a confined process and return what the platform stores about it.

    Args:
        data: The whole file, at most 64 MiB.
        name: The name it was sent under; only its extension leaves this process.
        content_type: The media type it was sent with, "" where there was none.

    Raises:
        ImageRefused: The file is no acceptable picture; `code`, `status` and `sentence` say why.
        IntakeBusy: No helper became free in time.
    """
    return inspect_with(_shared_pool(), data, name=name, content_type=content_type)


def inspect_with(
    pool: HelperPool, data: bytes, *, name: str = "", content_type: str = ""
) -> Inspected:
    """Do as `inspect_upload` does, with helpers of a given pool."""
    if not data:
        raise ImageRefused("empty_file")
    if len(data) > MOST_BYTES:
        raise ImageRefused("file_too_large", f"The file has {len(data) >> 20} MiB.")
    sha256 = hashlib.sha256(data).hexdigest()
    facts = {
        "sha256": sha256,
        "name": "file" + _extension(name),
        "content_type": content_type[:100],
    }
    found = pool.inspect(Message(facts, first=data))
    return _inspected(found, sha256=sha256)


def warm_up() -> None:
    """Start a helper before the first upload needs it (about half a second)."""
    _shared_pool().warm_up()


def _extension(name: str) -> str:
    suffix = PurePosixPath(name.replace("\x00", "")).suffix
    return suffix[:12] if suffix[1:].isalnum() else ""


def _inspected(found: Message, *, sha256: str) -> Inspected:
    """Read a helper's answer, which a hostile file may have written."""
    facts = found.facts
    if (code := facts.get("refused")) is not None:
        raise ImageRefused(code if code in REFUSALS else "image_decoder_crashed", facts["detail"])
    try:
        return _typed(facts, found=found, sha256=sha256)
    except (KeyError, TypeError, ValueError):
        raise ImageRefused("image_decoder_crashed") from None


def _typed(facts: dict[str, Any], *, found: Message, sha256: str) -> Inspected:
    quality = facts["quality"]
    return Inspected(
        sha256=sha256,
        width=int(facts["width"]),
        height=int(facts["height"]),
        format=str(facts["format"])[:8],
        preview=found.first,
        thumbnail=found.second,
        quality=Quality(
            focus=float(quality["focus"]),
            exposure=float(quality["exposure"]),
            content=float(quality["content"]),
            flags=tuple(str(flag) for flag in quality["flags"]),
        ),
        perceptual_hash=int(facts["perceptual_hash"]),
    )


def _shared_pool() -> HelperPool:
    """Return this process's pool; a fork must not talk on its parent's sockets."""
    global _pool
    with _lock:
        if _pool is None or _pool.pid != os.getpid():
            _pool = HelperPool()
            atexit.register(_pool.close)
        return _pool
