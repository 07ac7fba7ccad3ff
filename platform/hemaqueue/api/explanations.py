"""Asking where the network looked for another class, or by another method."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.selectors import site_ids
from hemaqueue.api.answers import JobAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import ExplanationBody
from hemaqueue.api.shown.jobs import job_answer
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, NotAllowed
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.steps import explanation_requested
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reviews.first_reads import require_revealed
from hemaqueue.specimens.selectors import image_get
from jobcontract.names import Work


class NoResultYet(Conflict):
    """There is no result yet that could be explained."""

    code = "no_result_yet"


class ExplanationsView(Endpoint):
    @extend_schema(
        operation_id="explanation_request",
        request=ExplanationBody,
        responses={202: JobAnswer, 200: JobAnswer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Have the evidence for a class drawn. The job's result is the heatmap's address."""
        image = image_get(self.user, pk)
        if image.site_id not in site_ids(self.user):
            raise NotAllowed
        asked = ExplanationBody.read(request.data)
        require_revealed(image, reader=self.user)
        prediction = prediction_of(image)
        if prediction is None:
            raise NoResultYet
        if asked["label"] not in {one.label for one in prediction.class_scores.all()}:
            raise ValidationError({"label": "The model of this result knows no such class."})
        known = explained(prediction, **asked)
        job = known or explanation_requested(prediction, **asked, by=self.user)
        audit_record("image.explain", by=self.user, about=image, **asked)
        response = Response(job_answer(job).to_json(), status=200 if known else 202)
        response["Location"] = str(response.data["url"])
        return response


def explained(prediction: Prediction, *, label: str, method: str, layer: str) -> Job | None:
    """Return the finished job that answered the same question, None where nobody asked it."""
    asked = Job.objects.filter(
        work=Work.EXPLAIN_PREDICTION,
        subject=prediction.image_id,
        state=JobState.SUCCEEDED,
        payload__contains={
            "prediction": prediction.pk,
            "label": label,
            "method": method,
            "layer": layer,
        },
    )
    found: Job | None = asked.order_by("-created_at").first()
    return found
