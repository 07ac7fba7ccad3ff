"""The training worker's task. TensorFlow is imported in the child, when there is work."""

from __future__ import annotations

from jobcontract.messages import Outcome, Parcel
from jobcontract.names import Work
from jobcontract.processes import stand_back
from jobcontract.reporting import ReportingTask, StopWatch
from training_worker.app import app

NICENESS = 10


def _begin() -> None:
    """Load TensorFlow, then stand back: what loads gives no other thread a turn.

    On a busy machine it would be silent for long enough to be given up, three times. The session
    may still stand back from the run before.
    """
    import cv2

    from inference_worker.tensorflow_setup import limit_threads

    stand_back(0)
    cv2.setNumThreads(1)
    limit_threads(1)
    stand_back(NICENESS)


@app.task(base=ReportingTask, name=Work.FINE_TUNE_MODEL, bind=True)
def fine_tune_model(task: ReportingTask, parcel: Parcel) -> list[Outcome]:
    _begin()
    from training_worker.fine_tuning import Told, fine_tuned

    told = Told(lambda facts: task.progress(parcel, facts), stop=StopWatch(parcel.id))
    return fine_tuned(parcel, told=told)


@app.task(base=ReportingTask, name=Work.EVALUATE_MODEL, bind=True)
def evaluate_model(task: ReportingTask, parcel: Parcel) -> list[Outcome]:
    _begin()
    from training_worker.evaluating import evaluated

    return evaluated(parcel, tell=lambda facts: task.progress(parcel, facts))
