"""What the interface answers: one frozen dataclass per body. OpenAPI reads the same classes.

Links are addresses on this host, beginning with a slash.
"""

from __future__ import annotations

from hemaqueue.api.answers.archives import (
    ArchiveAnswer,
    FindingAnswer,
    ManifestAnswer,
    ManifestRowAnswer,
)
from hemaqueue.api.answers.base import Answer
from hemaqueue.api.answers.batches import (
    BatchAnswer,
    BatchCounts,
    BatchPage,
    BatchRow,
    RefusedAnswer,
    RetriedAnswer,
)
from hemaqueue.api.answers.cases import (
    CaseAnswer,
    CasePage,
    CaseRow,
    ReportAnswer,
    RollUp,
    SignatureAnswer,
)
from hemaqueue.api.answers.cells import CellAnswer, CellsAnswer
from hemaqueue.api.answers.datasets import (
    DatasetAnswer,
    DatasetFaultAnswer,
    DatasetFaultList,
    DatasetPage,
)
from hemaqueue.api.answers.evaluations import (
    EvaluatedPictureAnswer,
    EvaluatedPictureList,
    EvaluationAnswer,
    EvaluationList,
    EvaluationRow,
)
from hemaqueue.api.answers.exports import BatchSummaryAnswer, ExportAnswer, ExportPage
from hemaqueue.api.answers.images import (
    DecisionAnswer,
    ImageAnswer,
    ImagePage,
    ImageRow,
    PredictionAnswer,
    QualityAnswer,
    UploadAnswer,
)
from hemaqueue.api.answers.models import ModelAnswer, ModelCardAnswer, ModelList
from hemaqueue.api.answers.notices import (
    AttachmentAnswer,
    ChosenAnswer,
    FileHereAnswer,
    FilesHereAnswer,
    NoticeAnswer,
    NoticePage,
    SeenAnswer,
)
from hemaqueue.api.answers.problem import ProblemAnswer
from hemaqueue.api.answers.routing import (
    ConfirmedAnswer,
    NotConfirmed,
    PairAnswer,
    PairList,
    PolicyAnswer,
    ReferralAnswer,
    ReferralList,
    ReturnAnswer,
    ReturnList,
    ScaleAnswer,
)
from hemaqueue.api.answers.statistics import (
    AgreementAnswer,
    SavedViewAnswer,
    SavedViewList,
    StatisticsAnswer,
    TurnaroundAnswer,
    WaitingAnswer,
)
from hemaqueue.api.answers.tokens import TokenAnswer, TokenList, TokenRow
from hemaqueue.api.answers.training import (
    ClassCountAnswer,
    FrozenAdditionAnswer,
    FrozenAnswer,
    GateAnswer,
    SnapshotAnswer,
    SnapshotDiffAnswer,
    SnapshotPage,
    TrainingPreviewAnswer,
    TrainingPreviewList,
    TrainingRunAnswer,
    TrainingRunPage,
)
from hemaqueue.api.answers.withdrawing import (
    WithdrawalAnswer,
    WithdrawalList,
    WithdrawnLabelAnswer,
    WithdrawnLabelList,
)
from hemaqueue.api.answers.work import ErrorAnswer, JobAnswer, QueueAnswer, StatusAnswer
from hemaqueue.api.answers.worklist import ClaimAnswer, WorklistPage, WorklistRow

__all__ = [
    "AgreementAnswer",
    "Answer",
    "ArchiveAnswer",
    "AttachmentAnswer",
    "BatchAnswer",
    "BatchCounts",
    "BatchPage",
    "BatchRow",
    "BatchSummaryAnswer",
    "CaseAnswer",
    "CasePage",
    "CaseRow",
    "CellAnswer",
    "CellsAnswer",
    "ChosenAnswer",
    "ClaimAnswer",
    "ClassCountAnswer",
    "ConfirmedAnswer",
    "DatasetAnswer",
    "DatasetFaultAnswer",
    "DatasetFaultList",
    "DatasetPage",
    "DecisionAnswer",
    "ErrorAnswer",
    "EvaluatedPictureAnswer",
    "EvaluatedPictureList",
    "EvaluationAnswer",
    "EvaluationList",
    "EvaluationRow",
    "ExportAnswer",
    "ExportPage",
    "FileHereAnswer",
    "FilesHereAnswer",
    "FindingAnswer",
    "FrozenAdditionAnswer",
    "FrozenAnswer",
    "GateAnswer",
    "ImageAnswer",
    "ImagePage",
    "ImageRow",
    "JobAnswer",
    "ManifestAnswer",
    "ManifestRowAnswer",
    "ModelAnswer",
    "ModelCardAnswer",
    "ModelList",
    "NotConfirmed",
    "NoticeAnswer",
    "NoticePage",
    "PairAnswer",
    "PairList",
    "PolicyAnswer",
    "PredictionAnswer",
    "ProblemAnswer",
    "QualityAnswer",
    "QueueAnswer",
    "ReferralAnswer",
    "ReferralList",
    "RefusedAnswer",
    "ReportAnswer",
    "RetriedAnswer",
    "ReturnAnswer",
    "ReturnList",
    "RollUp",
    "SavedViewAnswer",
    "SavedViewList",
    "ScaleAnswer",
    "SeenAnswer",
    "SignatureAnswer",
    "SnapshotAnswer",
    "SnapshotDiffAnswer",
    "SnapshotPage",
    "StatisticsAnswer",
    "StatusAnswer",
    "TokenAnswer",
    "TokenList",
    "TokenRow",
    "TrainingPreviewAnswer",
    "TrainingPreviewList",
    "TrainingRunAnswer",
    "TrainingRunPage",
    "TurnaroundAnswer",
    "UploadAnswer",
    "WaitingAnswer",
    "WithdrawalAnswer",
    "WithdrawalList",
    "WithdrawnLabelAnswer",
    "WithdrawnLabelList",
    "WorklistPage",
    "WorklistRow",
]
