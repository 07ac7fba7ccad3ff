"""What is learned from, what is kept apart for judging, and the runs."""

from hemaqueue.training.models.dataset import Dataset, DatasetFault, DatasetImage, Layout
from hemaqueue.training.models.frozen_test import FrozenAddition, FrozenImage
from hemaqueue.training.models.run import EPOCHS_MOST, EPOCHS_USUAL, TrainingRun
from hemaqueue.training.models.snapshot import DatasetSnapshot, SnapshotImage
from hemaqueue.training.models.withdrawal import DatasetWithdrawal

__all__ = [
    "EPOCHS_MOST",
    "EPOCHS_USUAL",
    "Dataset",
    "DatasetFault",
    "DatasetImage",
    "DatasetSnapshot",
    "DatasetWithdrawal",
    "FrozenAddition",
    "FrozenImage",
    "Layout",
    "SnapshotImage",
    "TrainingRun",
]
