"""A manifest is read by the server alone; here it is only asked what it means for the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.submit.sending import Sending

ADDRESS = "/api/v1/batches/manifest/"
NAMES = {"specimen": "specimen_type", "kind": "image_kind"}


class ManifestRefused(Exception):
    """The manifest and the files do not fit; the message has a line for each finding."""


def manifest_rows(sending: Sending, manifest: Path, *, names: Sequence[str]) -> dict[
    str, Mapping[str, str]
]:  # fmt: skip
    """Return what the manifest says of each file, in the upload's own words.

    Raises:
        ManifestRefused: with every finding; nothing was sent.
    """
    fields = {"filenames": "\n".join(names)}
    if "site" in sending.usual:
        fields["site"] = sending.usual["site"]
    status, answer = sending.asked(
        lambda: sending.client.form(ADDRESS, fields, {"manifest": manifest})
    )
    if status != 200:
        raise ManifestRefused(str(answer.get("detail", status)))
    if not answer["clean"]:
        lines = [
            f"  line {one['line']}: {one['filename']}: {one['detail']}"
            for one in answer["findings"]
        ]
        raise ManifestRefused("\n".join(["the manifest does not fit:", *lines]))
    return {row["filename"]: _fields(row["values"]) for row in answer["rows"]}


def _fields(values: Mapping[str, str]) -> dict[str, str]:
    said = {NAMES.get(name, name): value for name, value in values.items() if value}
    if "urgent" in said:
        said["urgent"] = "true" if said["urgent"] == "yes" else "false"
    return said
