"""The training worker's task. TensorFlow is imported in the child, when there is work."""

from __future__ import annotations

from jobcontract.messages import Outcome, Parcel
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask, StopWatch
from training_worker.app import app


@app.task(base=ReportingTask, name=Work.FINE_TUNE_MODEL, bind=True)
def fine_tune_model(task: ReportingTask, parcel: Parcel) -> list[Outcome]:
    from inference_worker.tensorflow_setup import limit_threads

    limit_threads(1)
    from training_worker.fine_tuning import Told, fine_tuned

    told = Told(lambda facts: task.progress(parcel, facts), stop=StopWatch(parcel.id))
    return fine_tuned(parcel, told=told)


@app.task(base=ReportingTask, name=Work.EVALUATE_MODEL, bind=True)
def evaluate_model(task: ReportingTask, parcel: Parcel) -> list[Outcome]:
    from inference_worker.tensorflow_setup import limit_threads

    limit_threads(1)
    from training_worker.evaluating import evaluated

    return evaluated(parcel, tell=lambda facts: task.progress(parcel, facts))
