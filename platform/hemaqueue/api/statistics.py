"""The numbers of the start page: what waits, how long cases take, how often readers agree."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.api.answers import (
    AgreementAnswer,
    StatisticsAnswer,
    TurnaroundAnswer,
    WaitingAnswer,
)
from hemaqueue.api.base import Endpoint
from hemaqueue.reviews.statistics import (
    Agreement,
    Turnaround,
    Waiting,
    agreement,
    decided_today,
    signed_today,
    turnaround,
    turnaround_by_day,
    waiting_cases,
)
from hemaqueue.reviews.weighing import weighted

DAYS_USUAL, DAYS_MOST = 30, 366


class StatisticsView(Endpoint):
    queries = {"GET": [OpenApiParameter("days", int, description=f"1 to {DAYS_MOST}")]}

    @extend_schema(operation_id="statistics_read", responses=StatisticsAnswer)
    def get(self, request: Request) -> Response:
        """Numbers of your sites, today included; those of reading where you decide."""
        days, user = _days(request), self.user
        whole = turnaround(user, days=days)
        reads = bool(sites_allowing(user, act=Act.DECIDE))
        answer = StatisticsAnswer(
            days=days,
            waiting=_waiting(waiting_cases(user)) if reads else None,
            decided_today=decided_today(user),
            signed_today=signed_today(user),
            turnaround=_turnaround(whole) if whole else None,
            by_day=[_turnaround(one) for one in turnaround_by_day(user, days=days)],
            agreement=[_agreement(one) for one in agreement(user, days=days)],
        )
        return Response(answer.to_json())


def _days(request: Request) -> int:
    said = request.query_params.get("days") or str(DAYS_USUAL)
    if not said.isdecimal() or len(said) > 3 or not 1 <= int(said) <= DAYS_MOST:
        raise ValidationError({"days": f"A whole number from 1 to {DAYS_MOST} is needed."})
    return int(said)


def _waiting(found: Waiting) -> WaitingAnswer:
    return WaitingAnswer(
        lanes={lane.value: count for lane, count in found.lanes.items()},
        mine=found.mine,
        overdue=found.overdue,
        to_sign=found.to_sign,
        oldest=found.oldest,
    )


def _agreement(one: Agreement) -> AgreementAnswer:
    said = weighted([one])
    share = said.share if said else None
    return AgreementAnswer(one.model, one.predicted, one.n, one.agreed, share, one.drawn)


def _turnaround(found: Turnaround) -> TurnaroundAnswer:
    median, p90 = found.median.total_seconds(), found.p90.total_seconds()
    return TurnaroundAnswer(found.day, found.cases, median, p90)
