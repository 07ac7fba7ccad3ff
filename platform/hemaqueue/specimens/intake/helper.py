"""The helper: a warm interpreter that forks confined processes, each for a few files.

    python -m hemaqueue.specimens.intake.helper      (standard input is a socket)

It has one thread, no secrets in its environment and no database, and never decodes: what a hostile
file does to a decoder, it does to a fork that ends after a few files. A fork a file would be safer
still, and costs two to five times the decoding where page faults are dear (virtual machines).
The helper ends when the web process does, because the socket then ends.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from dataclasses import asdict

import cv2
import numpy as np

from hemaqueue.specimens.intake import complaints
from hemaqueue.specimens.intake.confinement import allow_one_more_file, confine
from hemaqueue.specimens.intake.examine import examine
from hemaqueue.specimens.intake.framing import Broken, Exit, Message, receive, send
from jobcontract.image_refusals import ImageRefused

FILES_PER_FORK = 25
KILLED_FOR_TIME = (-signal.SIGALRM, -signal.SIGXCPU)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    _touch()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as channel:
        while (ended := _fork(channel)) is Exit.DONE:
            pass
    os._exit(ended)


def _fork(channel: socket.socket) -> Exit:
    """Let one fork serve, and tell how it ended.

    The helper does not answer for a fork that was killed: it cannot know whether a file was in
    work. It ends too, and the web process learns the rest from its exit code.
    """
    child = os.fork()
    if child == 0:
        _serve_and_exit(channel)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code in (Exit.DONE, Exit.CLOSED):
        return Exit(code)
    return Exit.TOO_SLOW if code in KILLED_FOR_TIME else Exit.CRASHED


def _serve_and_exit(channel: socket.socket) -> None:
    """Run in the fork; never return."""
    try:
        confine(keep=channel.fileno())
        for _ in range(FILES_PER_FORK):
            if (request := receive(channel)) is None:
                os._exit(Exit.CLOSED)
            allow_one_more_file()
            send(channel, answer(request))
            signal.alarm(0)
        os._exit(Exit.DONE)
    except (Broken, ConnectionError):
        os._exit(Exit.CLOSED)
    except BaseException:
        os._exit(Exit.CRASHED)


def answer(request: Message) -> Message:
    """Examine the file; return what was found, or why it is refused, and of which file."""
    sha256 = request.facts["sha256"]
    try:
        with complaints.heard() as damage:
            found = examine(request.first, **request.facts)
        if damage():
            raise ImageRefused("corrupt_image", "The picture's pixels are damaged.")
    except ImageRefused as refusal:
        return Message({"sha256": sha256, "refused": refusal.code, "detail": refusal.detail})
    facts = asdict(found)
    return Message(facts, first=facts.pop("preview"), second=facts.pop("thumbnail"))


def _touch() -> None:
    """Run the whole path once on a picture of our own, so that forks inherit warm pages."""
    for extension in (".jpg", ".png", ".tif"):
        _, file = cv2.imencode(extension, np.full((480, 640, 3), 200, np.uint8))
        examine(file.tobytes(), sha256="")


if __name__ == "__main__":
    main()
