from hemaqueue.evaluations.models.evaluation import EvaluatedPicture, Evaluation, Source
from hemaqueue.evaluations.models.policy import GatePolicy

__all__ = ["EvaluatedPicture", "Evaluation", "GatePolicy", "Source"]
