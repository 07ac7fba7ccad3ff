"""Cases: what people review, share and report."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import colleagues, require
from hemaqueue.api.answers import CaseAnswer, CasePage
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import ShareBody
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.shown.cases import case_answer, case_row
from hemaqueue.audit.services import audit_record
from hemaqueue.specimens.models import Case
from hemaqueue.specimens.selectors import case_get, case_list
from hemaqueue.specimens.services import case_share, case_unshare


class CasesView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="case_list", responses=CasePage)
    def get(self, request: Request) -> Response:
        """The cases you may see, newest first."""
        pages = KeysetPagination("created_at")
        shown = pages.paginate_queryset(case_list(self.user), request)
        audit_record("case.list", by=self.user, cases=[str(one.pk) for one in shown])
        return Response(CasePage(pages.next, [case_row(one) for one in shown]).to_json())


class CaseView(Endpoint):
    @extend_schema(operation_id="case_read", responses=CaseAnswer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One case: its images, what was said of them, and its numbers."""
        case = case_get(self.user, pk)
        audit_record("case.view", by=self.user, about=case)
        return Response(case_answer(case, user=self.user).to_json())


class CaseShareView(Endpoint):
    @extend_schema(operation_id="case_share", request=ShareBody, responses={200: CaseAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Let one colleague of another site see this case."""
        case = case_get(self.user, pk)
        case_share(case, colleague=self._colleague(request, case), by=self.user)
        return Response(case_answer(case, user=self.user).to_json())

    @extend_schema(operation_id="case_unshare", request=ShareBody, responses={200: CaseAnswer})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take it back."""
        case = case_get(self.user, pk)
        case_unshare(case, colleague=self._colleague(request, case), by=self.user)
        return Response(case_answer(case, user=self.user).to_json())

    def _colleague(self, request: Request, case: Case) -> User:
        """Return who is named. Only those who may share learn whether a name is known."""
        require(self.user, act=Act.SHARE, site=case.site_id)
        name = ShareBody.read(request.data)["colleague"]
        found = colleagues(self.user).filter(username=name).first()
        if found is None:
            raise ValidationError({"colleague": "There is no such colleague."})
        return found
