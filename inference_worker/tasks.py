"""The inference worker's tasks. TensorFlow is imported in the child, when there is work.

A network that is built before a fork hangs for ever in the child: nothing here, and nothing
that this module imports, may import TensorFlow. Time limits come with each message.
"""

from __future__ import annotations

from inference_worker import suspects
from inference_worker.app import app
from jobcontract.messages import Outcome, Parcel, Ticket
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask

#: Who kills late, through what it left in memory, is not in hand then: all are suspected at last.
TRIES_IN_COMPANY = 3


class PicturesTask(ReportingTask):
    """A task over many pictures: when its child dies, those that it had in hand are suspected."""

    abstract = True

    def suspects(self, parcel: Parcel) -> tuple[Ticket, ...]:
        held = suspects.held(parcel.id)
        late = (at for at, one in enumerate(parcel.tickets) if one.attempt >= TRIES_IN_COMPANY)
        wanted = {*held, *late} if held else set()
        return tuple(one for at, one in enumerate(parcel.tickets) if at in wanted)


@app.task(base=PicturesTask, name=Work.CLASSIFY_SMEARS)
def classify_smears(parcel: Parcel) -> list[Outcome]:
    from inference_worker.parcels import classified

    return classified(parcel)


@app.task(base=PicturesTask, name=Work.CHECK_MODEL)
def check_model(parcel: Parcel) -> list[Outcome]:
    """A version that shall serve again scores a known picture: the same work, apart."""
    from inference_worker.parcels import classified

    return classified(parcel)


@app.task(base=PicturesTask, name=Work.PROVE_MODEL)
def prove_model(parcel: Parcel) -> list[Outcome]:
    """The version that serves scores the known picture, and the worker says who it is."""
    from inference_worker.parcels import proved

    return proved(parcel)


@app.task(base=PicturesTask, name=Work.TRY_SMEARS)
def try_smears(parcel: Parcel) -> list[Outcome]:
    """A version is tried on pictures beside the one that serves: the same work, kept apart."""
    from inference_worker.parcels import classified

    return classified(parcel)


@app.task(base=PicturesTask, name=Work.RESCORE_SMEARS)
def rescore_smears(parcel: Parcel) -> list[Outcome]:
    """Old pictures are scored by the version that serves now: the same work, in the background."""
    from inference_worker.parcels import classified

    return classified(parcel)


@app.task(base=ReportingTask, name=Work.EXPLAIN_PREDICTION)
def explain_prediction(parcel: Parcel) -> list[Outcome]:
    from inference_worker.parcels import explained

    return explained(parcel)


@app.task(base=ReportingTask, name=Work.LOCATE_CELLS)
def locate_cells(parcel: Parcel) -> list[Outcome]:
    from inference_worker.parcels import located

    return located(parcel)
