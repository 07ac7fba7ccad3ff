"""Makes the keys of a new installation: `python -m jobcontract.keys` prints them as JSON."""

from __future__ import annotations

import io
import json
import secrets
import sys

import tink
from tink import aead, cleartext_keyset_handle


def new_keyset() -> str:
    """Return a tink keyset (AES-256-GCM) as JSON, on one line."""
    aead.register()
    text = io.StringIO()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    cleartext_keyset_handle.write(tink.JsonKeysetWriter(text), handle)
    return json.dumps(json.loads(text.getvalue()), separators=(",", ":"))


def new_keys() -> dict[str, str]:
    return {
        "HEMAQUEUE_SECRET_KEY": secrets.token_urlsafe(48),
        "HEMAQUEUE_MESSAGE_KEY": secrets.token_urlsafe(48),
        "HEMAQUEUE_STORAGE_KEY": new_keyset(),
        "HEMAQUEUE_WORKER_KEY": new_keyset(),
    }


if __name__ == "__main__":
    json.dump(new_keys(), sys.stdout, indent=1)
    sys.stdout.write("\n")
