from hemaqueue.evaluations.models.drift import LiveWeek
from hemaqueue.evaluations.models.error_reading import ErrorReading, ErrorReason
from hemaqueue.evaluations.models.evaluation import EvaluatedPicture, Evaluation, Source
from hemaqueue.evaluations.models.folds import FoldReport
from hemaqueue.evaluations.models.policy import GatePolicy
from hemaqueue.evaluations.models.proposal import Proposal, ProposalEnd
from hemaqueue.evaluations.models.rescoring import Rescore, RescoredImage
from hemaqueue.evaluations.models.shadow import Shadow, ShadowResult

__all__ = [
    "ErrorReading",
    "ErrorReason",
    "EvaluatedPicture",
    "Evaluation",
    "FoldReport",
    "GatePolicy",
    "LiveWeek",
    "Proposal",
    "ProposalEnd",
    "Rescore",
    "RescoredImage",
    "Shadow",
    "ShadowResult",
    "Source",
]
