"""The queues as they are."""

from __future__ import annotations

import dataclasses

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import QueueAnswer, StatusAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.jobs.selectors import QueueTruth, queue_truth
from hemaqueue.pipeline.dispatcher import news_is_heard
from jobcontract.names import Queue

SHOWN = (Queue.INFERENCE, Queue.REPORTS, Queue.TRAINING)


class StatusView(Endpoint):
    @extend_schema(operation_id="status_read", responses=StatusAnswer)
    def get(self, request: Request) -> Response:
        """What waits, who works, and whether news is being heard."""
        queues = [queue_truth(queue) for queue in SHOWN]
        answer = StatusAnswer(
            queues=[queue_answer(one) for one in queues],
            news_heard=news_is_heard(),
            sentence=sentence(queues[0]),
        )
        return Response(answer.to_json())


def queue_answer(truth: QueueTruth) -> QueueAnswer:
    return QueueAnswer(**dataclasses.asdict(truth), paused=truth.is_paused)


def sentence(truth: QueueTruth) -> str:
    if truth.is_paused:
        return f"Processing is paused, your images are safe, {truth.waiting} waiting."
    return f"{truth.waiting} waiting, {truth.running} being worked on."
