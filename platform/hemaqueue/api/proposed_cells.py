"""White cells that segmentation finds: asked for, and named or taken away all at once."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import CellsAnswer, JobAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.cells import cells_answer
from hemaqueue.api.reading_bodies import ProposedCellsBody
from hemaqueue.api.shown.jobs import job_answer
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.locating import cells_wanted
from hemaqueue.reviews.proposed_cells import proposals_name, proposals_remove
from hemaqueue.specimens.selectors import image_get


class CellsFindView(Endpoint):
    @extend_schema(
        operation_id="cell_find", request=None, responses={202: JobAnswer, 200: JobAnswer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Have the white cells of a field found. They come as proposed, without a class."""
        image = image_get(self.user, pk)
        job = cells_wanted(image, by=self.user)
        done = job.state == JobState.SUCCEEDED
        response = Response(job_answer(job).to_json(), status=200 if done else 202)
        response["Location"] = str(response.data["url"])
        return response


class ProposedCellsView(Endpoint):
    @extend_schema(
        operation_id="cell_name_proposed", request=ProposedCellsBody, responses=CellsAnswer
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Name every cell that is still proposed: they are yours from then on."""
        image = image_get(self.user, pk)
        proposals_name(image, label=ProposedCellsBody.read(request.data)["label"], by=self.user)
        return Response(cells_answer(image, reader=self.user).to_json())

    @extend_schema(operation_id="cell_remove_proposed", responses=CellsAnswer)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take every cell away that is still proposed."""
        image = image_get(self.user, pk)
        proposals_remove(image, by=self.user)
        return Response(cells_answer(image, reader=self.user).to_json())
