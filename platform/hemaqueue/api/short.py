"""The short endpoints, as a script would expect them: /upload, /predict, /report."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.api.answers import ImageAnswer, ReportAnswer, UploadAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import PredictBody, ReportBody, UploadBody
from hemaqueue.api.idempotency import once
from hemaqueue.api.images import UPLOAD_HEADERS
from hemaqueue.api.jobs import is_final
from hemaqueue.api.parsers import OneMeaningParser
from hemaqueue.api.reports import rendering, report_response
from hemaqueue.api.shown.images import image_answer
from hemaqueue.api.uploads import FileMissing, accept, check_before_reading, upload_response
from hemaqueue.api.waiting import LONGEST_WAIT, wait_until
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.intake import Accepted
from hemaqueue.pipeline.papers import report_requested
from hemaqueue.predictions.models import Prediction
from hemaqueue.reports.models import Report
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_get, case_list, image_get
from jobcontract.names import Work


class UploadView(Endpoint):
    """POST /upload: the same door as `POST /api/v1/images/`."""

    parser_classes = [MultiPartParser]
    largest_body = settings.FILE_UPLOAD_MAX_MEMORY_SIZE * 4

    @extend_schema(
        operation_id="upload",
        request={"multipart/form-data": UploadBody},
        responses={202: UploadAnswer, 200: UploadAnswer},
        parameters=UPLOAD_HEADERS,
    )
    def post(self, request: Request) -> Response:
        """Send one image; `status_url` says how far it is."""
        check_before_reading(request)
        return once(
            request, by=self.user, do=lambda: upload_response(accept(request, by=self.user))
        )


class PredictView(Endpoint):
    """POST /predict: an image or its id in, the result out."""

    parser_classes = [MultiPartParser, OneMeaningParser]
    largest_body = settings.FILE_UPLOAD_MAX_MEMORY_SIZE * 4

    @extend_schema(
        operation_id="predict",
        request={"multipart/form-data": PredictBody, "application/json": PredictBody},
        responses={200: ImageAnswer, 202: UploadAnswer},
    )
    def post(self, request: Request) -> Response:
        """Answer with the result, or with 202 and where to look after ten seconds."""
        check_before_reading(request)
        taken = self._taken(request)
        image = taken.image
        if not _waited(taken):
            response = upload_response(taken)
            response.status_code = 202
            return response
        audit_record("image.view", by=self.user, about=image)
        return Response(image_answer(image, reader=self.user).to_json())

    def _taken(self, request: Request) -> Accepted:
        if request.FILES:
            return accept(request, by=self.user)
        asked: dict[str, Any] = PredictBody.read(request.data)
        if "image_id" not in asked:
            raise FileMissing
        return already_here(self.user, asked["image_id"])


def already_here(user: User, pk: UUID) -> Accepted:
    image = image_get(user, pk)
    jobs = Job.objects.filter(subject=image.pk, work=Work.CLASSIFY_SMEARS)
    return Accepted(image, jobs.order_by("-created_at").first())


def _waited(taken: Accepted) -> bool:
    """Wait for the outcome, and say whether it is known: a new picture's is when its job ends."""
    image, job = taken.image, taken.job
    if job is None or taken.is_duplicate:
        known = partial(outcome_known, image)
    else:
        known = partial(is_final, job.pk)
    return wait_until(known, subject=image.pk, seconds=LONGEST_WAIT)


def outcome_known(image: SmearImage) -> bool:
    """Say whether there is a result, or work that ended without one."""
    if Prediction.objects.filter(image=image).exists():
        return True
    jobs = Job.objects.filter(subject=image.pk, work=Work.CLASSIFY_SMEARS)
    return not jobs.filter(finished_at=None).exists()


class ReportView(Endpoint):
    """POST /report {case}: have a report rendered."""

    @extend_schema(operation_id="report_short", request=ReportBody, responses={202: ReportAnswer})
    def post(self, request: Request) -> Response:
        """Name the case by its id or its accession."""
        case = case_named(self.user, ReportBody.read(request.data)["case"])
        report, job = report_requested(case, by=self.user)
        return rendering(report, job=job)


class CaseReportView(Endpoint):
    """GET /report/{case}: the newest report of a case."""

    @extend_schema(operation_id="report_of_case", responses={202: ReportAnswer})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """202 while it is being rendered, then the file. The first one is asked for by this."""
        case = case_get(self.user, pk)
        newest: Report | None = case.reports.order_by("-revision").first()
        if newest is not None:
            return report_response(newest, by=self.user)
        if not may(self.user, act=Act.REPORT, site=case.site_id):
            raise Missing
        report, job = report_requested(case, by=self.user)
        return rendering(report, job=job)


def case_named(user: User, name: str) -> Case:
    """Return the case with this id, or else the only one with this accession."""
    try:
        return case_get(user, UUID(name))
    except ValueError:
        found = list(case_list(user).filter(accession=name)[:2])
    if len(found) > 1:
        raise ValidationError({"case": "Two of your sites use this accession. Give the id."})
    if not found:
        raise Missing
    return found[0]
