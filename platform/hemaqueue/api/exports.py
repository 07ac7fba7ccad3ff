"""Exports: asking for a file of results, of a batch's counts or of the audit trail; fetching it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.selectors import require_installation, site_ids
from hemaqueue.api.answers import BatchSummaryAnswer, ExportAnswer, ExportPage
from hemaqueue.api.base import Endpoint
from hemaqueue.api.body import Body
from hemaqueue.api.filters import named
from hemaqueue.api.idempotency import once
from hemaqueue.api.jobs import AGAIN_AFTER
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.shown.exports import batch_summary_answer, export_answers
from hemaqueue.audit.models import Outcome
from hemaqueue.audit.services import audit_record
from hemaqueue.common.files import file_response
from hemaqueue.exports.models import ExportFormat, ExportKind
from hemaqueue.exports.selectors import export_bytes, export_get, export_list, export_name
from hemaqueue.exports.services import LONGEST_REASON, Wish
from hemaqueue.pipeline.papers import export_requested
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.registry.selectors import model_list
from hemaqueue.specimens.selectors import batch_get
from hemaqueue.training.snapshots import snapshot_get

STATES = ("waiting", "done", "failed", "returned", "unread", "read", "signed")


class ExportBody(Body):
    """What is wanted. The filters are those of the history page, or of the audit trail."""

    kind = serializers.ChoiceField(ExportKind.choices)
    format = serializers.ChoiceField(ExportFormat.choices, default=ExportFormat.CSV)
    batch = serializers.UUIDField(required=False, help_text="For a batch summary")
    snapshot = serializers.UUIDField(required=False, help_text="For a snapshot")
    identified = serializers.BooleanField(default=False)
    reason = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_REASON)
    q = serializers.CharField(default="", max_length=64, help_text="Accession begins with")
    label = serializers.ChoiceField(list(CLASSES), required=False)  # type: ignore[assignment]
    band = serializers.ChoiceField(["high", "moderate", "low"], required=False)
    flag = serializers.RegexField(r"^[a-z_]{1,40}$", required=False)
    status = serializers.ChoiceField(STATES, required=False)
    site = serializers.CharField(required=False, max_length=64, help_text="Slug or id")
    reader = serializers.CharField(required=False, max_length=150, help_text="User name")
    model = serializers.CharField(required=False, max_length=80, help_text="Name or id")
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    who = serializers.CharField(required=False, max_length=150, help_text="User name")
    action = serializers.CharField(required=False, max_length=60, help_text="Begins with")
    object = serializers.CharField(required=False, max_length=64, help_text="An id")
    outcome = serializers.ChoiceField(Outcome.choices, required=False)


class ExportsView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="export_list", responses=ExportPage)
    def get(self, request: Request) -> Response:
        """What you asked for, newest first."""
        pages = KeysetPagination("requested_at")
        shown = pages.paginate_queryset(export_list(self.user), request)
        return Response(ExportPage(pages.next, export_answers(shown)).to_json())

    @extend_schema(operation_id="export_request", request=ExportBody, responses={202: ExportAnswer})
    def post(self, request: Request) -> Response:
        """Have a file built. Without `identified` and a reason, no patient stands in it."""
        asked = ExportBody.read(request.data)

        def do() -> Response:
            export = export_requested(wish(asked, by=self.user), by=self.user)
            export.refresh_from_db()
            [answer] = export_answers([export])
            response = Response(answer.to_json(), status=202)
            response["Location"] = answer.url
            response["Retry-After"] = AGAIN_AFTER
            return response

        return once(request, by=self.user, do=do)


def wish(asked: dict[str, Any], *, by: User) -> Wish:
    """Return what is wanted, its names turned into rows that `by` may name.

    Raises:
        ValidationError: a site, reader or model is not known to `by`.
        Missing: the batch or the snapshot is not.
    """
    if asked["kind"] == ExportKind.BATCH and "batch" not in asked:
        raise ValidationError({"batch": "Name the batch."})
    of_batch, snapshot = asked["kind"] == ExportKind.BATCH, None
    if asked["kind"] == ExportKind.SNAPSHOT:
        require_installation(by)
        if "snapshot" not in asked:
            raise ValidationError({"snapshot": "Name the snapshot."})
        snapshot = snapshot_get(asked["snapshot"])
    return Wish(
        kind=asked["kind"],
        format=asked["format"],
        asked=asked | _rows(asked, by=by),
        identified=asked["identified"],
        reason=asked["reason"],
        batch=batch_get(by, asked["batch"]) if of_batch else None,
        snapshot=snapshot,
    )


def _rows(asked: dict[str, Any], *, by: User) -> dict[str, Any]:
    mine = site_ids(by)
    known = {
        "site": (Site.objects.filter(pk__in=mine), {"text": "slug", "pk": "pk"}),
        "reader": (
            User.objects.filter(memberships__site__in=mine).distinct(),
            {"text": "username", "pk": "pk"},
        ),
        "model": (model_list(), {"text": "name", "pk": "pk"}),
    }
    found = {}
    for name, (rows, paths) in known.items():
        if name in asked:
            found[name] = rows.filter(named(asked[name], **paths)).first()
            if found[name] is None:
                raise ValidationError({name: "You know no such thing."})
    return found


class ExportView(Endpoint):
    @extend_schema(operation_id="export_read", responses=ExportAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """How far an export is, and where its file lies."""
        [answer] = export_answers([export_get(self.user, pk)])
        response = Response(answer.to_json())
        if answer.state == "building":
            response["Retry-After"] = AGAIN_AFTER
        return response


class ExportFileView(Endpoint):
    @extend_schema(operation_id="export_fetch", responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file; 409 while it is being built, 410 when its day is over."""
        export = export_get(self.user, pk)
        data = export_bytes(export)
        audit_record("export.download", by=self.user, about=export, file_sha256=export.file_sha256)
        name = export_name(export)
        return file_response(data, media_type=export.media_type, name=name, download=True)


class BatchSummaryView(Endpoint):
    @extend_schema(operation_id="batch_summary", responses=BatchSummaryAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """A batch in counts: by suggested class, flag and decision."""
        batch = batch_get(self.user, pk)
        audit_record("batch.summary", by=self.user, about=batch)
        return Response(batch_summary_answer(batch, user=self.user).to_json())
