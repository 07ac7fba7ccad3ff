"""ZIP files and manifests: many images by one request, looked over before anything is kept."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.api.answers import ArchiveAnswer, FindingAnswer, ManifestAnswer, ManifestRowAnswer
from hemaqueue.api.base import Endpoint, content_length
from hemaqueue.api.bodies import ArchiveBody, ManifestBody, site_named
from hemaqueue.api.idempotency import once
from hemaqueue.api.images import UPLOAD_HEADERS
from hemaqueue.api.shown.links import link
from hemaqueue.api.uploads import FileMissing, LengthRequired, context_of
from hemaqueue.pipeline.archives import archive_judge, archive_submitted
from hemaqueue.specimens import zips
from hemaqueue.specimens.manifests import Finding, manifest_read
from hemaqueue.specimens.matching import Match, manifest_match
from hemaqueue.specimens.receiving import (
    ROOM_FOR_FIELDS,
    ArchiveBodyTooLarge,
    ArchiveHandler,
    SealedArchive,
)
from hemaqueue.specimens.services import require_room


class ArchivesView(Endpoint):
    """The door for ZIP files. What arrives is sealed at once, and unpacked in the background."""

    parser_classes = [MultiPartParser]
    largest_body = zips.MOST_BYTES * 4  # said in the upload's own words

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        request.upload_handlers = [ArchiveHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        operation_id="archive_upload",
        request={"multipart/form-data": ArchiveBody},
        responses={202: ArchiveAnswer, 200: ManifestAnswer},
        parameters=UPLOAD_HEADERS,
    )
    def post(self, request: Request) -> Response:
        """Send a ZIP, perhaps with a manifest. 202: stored, and being unpacked into a batch.

        With `dry_run` nothing is kept; 200 says what a manifest would do.
        """
        check_before_reading(request)
        file = request.FILES.get("file")
        if not isinstance(file, SealedArchive):
            raise FileMissing
        try:
            return once(request, by=self.user, do=lambda: self._taken(request, file))
        finally:
            file.discard_unless_used()

    def _taken(self, request: Request, file: SealedArchive) -> Response:
        values = ArchiveBody.read(request.data)
        context = context_of(self.user, values, batch=None)
        require(self.user, act=Act.UPLOAD, site=context.site)
        manifest = next((one.read() for one in request.FILES.getlist("manifest")), None)
        judged = archive_judge(
            file.archive, size=file.size or 0, site=context.site, manifest=manifest
        )
        if values["dry_run"]:
            return Response(_looked_over(judged.match, files=judged.files).to_json())
        batch, job = archive_submitted(
            judged,
            context=context,
            name=values.get("name", ""),
            hold=values["quality"] == "ask",
            by=self.user,
        )
        answer = ArchiveAnswer(
            batch_id=batch.pk,
            job_id=job.pk,
            files=len(judged.files),
            status_url=link("job", job.pk),
            batch_url=link("batch", batch.pk),
        )
        response = Response(answer.to_json(), status=202)
        response["Location"] = answer.batch_url
        return response


class ManifestsView(Endpoint):
    """Looks a manifest over; nothing is kept."""

    parser_classes = [MultiPartParser]
    largest_body = 16 << 20  # a manifest that is too large is refused in its own words

    @extend_schema(
        operation_id="manifest_check",
        request={"multipart/form-data": ManifestBody},
        responses={200: ManifestAnswer},
    )
    def post(self, request: Request) -> Response:
        """Say what a manifest means for files of these names, and what does not fit."""
        values = ManifestBody.read(request.data)
        site = site_named(self.user, name=values.get("site", ""))
        require(self.user, act=Act.UPLOAD, site=site)
        read = manifest_read(values["manifest"].read())
        names = [name for name in values.get("filenames", "").splitlines() if name]
        files = names or [row.filename for row in read.rows]
        match = manifest_match(read, files=files, site=site)
        return Response(_looked_over(match, files=files).to_json())


def check_before_reading(request: Request) -> None:
    if not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired
    if content_length(request) > zips.MOST_BYTES + ROOM_FOR_FIELDS:
        raise ArchiveBodyTooLarge
    require_room()


def _looked_over(match: Match | None, *, files: list[str]) -> ManifestAnswer:
    rows = match.rows if match else {}
    return ManifestAnswer(
        files=len(files),
        clean=match is None or match.is_clean,
        rows=[
            ManifestRowAnswer(filename=name, line=row.line, values=row.values)
            for name, row in rows.items()
        ],
        findings=[_finding(one) for one in match.findings] if match else [],
    )


def _finding(one: Finding) -> FindingAnswer:
    return FindingAnswer(one.code, one.sentence, one.line, one.filename, one.column)
