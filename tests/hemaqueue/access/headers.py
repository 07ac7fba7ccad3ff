"""The headers that every answer carries, whatever it says."""

from __future__ import annotations

from typing import Any

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
HELD = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}
PRESENT = ("X-Request-ID",)


def missing_headers(answer: Any) -> list[str]:
    """Return the names of the headers that are not there, or not as they must be."""
    wrong = [name for name, value in EXACT.items() if answer.headers.get(name) != value]
    wrong += [name for name, part in HELD.items() if part not in answer.headers.get(name, "")]
    wrong += [name for name in PRESENT if not answer.headers.get(name)]
    policy = answer.headers.get("Content-Security-Policy", "")
    return wrong + [word for word in ("unsafe-inline", "unsafe-eval", "http:") if word in policy]
