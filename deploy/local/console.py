"""What a person sees while things start: lines and a progress bar, on standard error only."""

from __future__ import annotations

import sys
import time


class Console:
    """Standard output stays free for results; a bar is drawn on a terminal, lines elsewhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.is_terminal = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last_line = 0.0

    def say(self, text: str) -> None:
        """One line: what has been done, and when since the start."""
        if not self.quiet:
            elapsed = time.monotonic() - self._started
            self._write(f"\r\033[K[{elapsed:5.1f} s] " if self.is_terminal else "")
            self._write(f"{text}\n")

    def bar(self, done: int, *, of: int, what: str) -> None:
        """Redraw the bar; off a terminal, a line every ten seconds."""
        if self.quiet or not of:
            return
        if self.is_terminal:
            full = 30 * done // of
            self._write(f"\r\033[K  {'█' * full}{'·' * (30 - full)} {done}/{of} {what}")
        elif time.monotonic() - self._last_line > 10.0 or done == of:
            self._last_line = time.monotonic()
            self._write(f"  {done}/{of} {what}\n")

    def end_bar(self) -> None:
        if self.is_terminal and not self.quiet:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
