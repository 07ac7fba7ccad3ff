"""Answers that are files of a patient: fixed types, generated names, nothing kept by anybody."""

from __future__ import annotations

from django.http import HttpResponse

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def file_response(
    data: bytes, *, media_type: str, name: str, download: bool = False
) -> HttpResponse:
    """Return `data` as a file; `name` is generated, never the uploader's."""
    kind = "attachment" if download else "inline"
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f'{kind}; filename="{name}"'
    for header, value in HEADERS.items():
        answer[header] = value
    return answer
