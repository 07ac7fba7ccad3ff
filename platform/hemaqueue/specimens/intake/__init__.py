"""Looks at an uploaded file before anything is stored.

The bytes are hostile until a decoder has survived them. They are decoded in a confined process that
lives for a few files: `helper`, a fresh interpreter with OpenCV loaded, forks it and limits it. The
web process never decodes.

    web process ── pool ── socket ── helper (one thread, warm) ── confined fork ── examine a file
"""

from hemaqueue.specimens.intake.examine import Inspected
from hemaqueue.specimens.intake.pool import IntakeBusy
from hemaqueue.specimens.intake.upload import inspect_upload, warm_up

__all__ = ["Inspected", "IntakeBusy", "inspect_upload", "warm_up"]
