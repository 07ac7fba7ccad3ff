"""Jobs: where a piece of work stands; asking again, calling off."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db.models import UUIDField
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import JobAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import RetryBody
from hemaqueue.api.shown.jobs import job_answer
from hemaqueue.api.waiting import LONGEST_WAIT, wait_until
from hemaqueue.common.prepared import Given, Prepared
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import job_get
from hemaqueue.pipeline.steps import job_asked_again, job_called_off

AGAIN_AFTER = "1"
_ended = Prepared(
    lambda: Job.objects.filter(pk=Given("pk", UUIDField()), finished_at__isnull=False).values("pk")
)


class JobView(Endpoint):
    """Ids and states only, so a read leaves no event: a script may ask as often as it likes."""

    queries = {"GET": [OpenApiParameter("wait", float, description="Seconds, at most 10")]}

    @extend_schema(operation_id="job_read", responses=JobAnswer)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Where a job stands. With `wait`, the answer comes when it ends, or the time is up."""
        seconds = seconds_asked(request)
        job: Job = job_get(self.user, pk)
        if seconds and not job.finished_at:
            wait_until(lambda: is_final(pk), subject=job.subject, seconds=seconds)
            job = job_get(self.user, pk)
        answer = job_answer(job)
        tag = f'"{hashlib.sha256(repr(answer).encode()).hexdigest()[:24]}"'
        if request.headers.get("If-None-Match") == tag:
            response: HttpResponseBase = HttpResponseNotModified()
        else:
            response = Response(answer.to_json())
        response["ETag"] = tag
        if not answer.final:
            response["Retry-After"] = AGAIN_AFTER
        return response


def is_final(pk: UUID) -> bool:
    return bool(_ended(pk=pk))


def seconds_asked(request: Request) -> float:
    """Return how long the client would wait, 0 to 10 seconds."""
    given = request.query_params.get("wait", "")
    try:
        seconds = float(given or 0)
    except ValueError as error:
        raise ValidationError({"wait": "A number of seconds, at most 10."}) from error
    return min(seconds, LONGEST_WAIT) if seconds > 0 else 0.0


class JobRetryView(Endpoint):
    @extend_schema(operation_id="job_retry", request=RetryBody, responses={202: JobAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Try failed work again: the same record, the next attempt."""
        found = job_get(self.user, pk)
        job = job_asked_again(found, by=self.user, serving=RetryBody.serving(request.data))
        return Response(job_answer(job).to_json(), status=202)


class JobCancelView(Endpoint):
    @extend_schema(operation_id="job_cancel", request=None, responses={202: JobAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Call off what waits. What runs may still end, but is not recorded."""
        job = job_called_off(job_get(self.user, pk), by=self.user)
        return Response(job_answer(job).to_json(), status=202)
