"""The design of the older systems: Flask, and `model.predict` once for each request."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from flask import Flask, request

from benchmarks._peers.network import BUNDLE, network_input


def application() -> Flask:
    from inference_worker.bundle import load_bundle
    from inference_worker.rebuild import rebuild

    bundle = load_bundle(BUNDLE)
    model, app = rebuild(bundle), Flask("peer")

    @app.post("/predict")
    def predict() -> dict[str, Any]:
        picture = network_input(request.get_json()["picture"])
        found = model.predict(picture[None].astype(np.float32), verbose=0)
        return {"label": bundle.facts.codes[int(np.asarray(found)[0].argmax())]}

    return app


if __name__ == "__main__":
    application().run(port=int(sys.argv[1]), threaded=True)
