"""The comparison as a picture (SVG): accuracy as it is and in grey, beside colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from benchmarks._zoo_table import Report, baselines, interval, mean, of_colour

WIDE, LEFT, TOP, STEP, FOOT = 640, 150, 44, 24, 40
PLAIN, GREY, COLOUR = "#1b6ca8", "#5f6b76", "#b8500f"
ACCURACY: tuple[str | int, ...] = ("accuracy",)
IN_GREY: tuple[str | int, ...] = ("grey_scale", "accuracy")


def plot(by_network: Mapping[str, Sequence[Report]]) -> str:
    """Return a line for each network, the most accurate first; intervals as in the table."""
    known = {name: reports for name, reports in by_network.items() if reports}
    names = sorted(known, key=lambda name: -(mean(known[name], ACCURACY) or 0))
    high = TOP + STEP * len(names) + FOOT
    parts = [*_frame(high), *_colour_alone(known, high)]
    for number, name in enumerate(names):
        parts += _line(name, known[name], y=TOP + STEP * number + STEP / 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>Accuracy of each network on groups left '
        f'out, as they are and in grey</title><rect width="{WIDE}" height="{high}" fill="#fff"/>'
        f"{''.join([*parts, *_legend()])}</svg>\n"
    )


def _x(share: float) -> float:
    return round(LEFT + share * (WIDE - LEFT - 24), 1)


def _frame(high: int) -> Iterable[str]:
    for step in range(5):
        x = _x(step / 4)
        yield f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{high - FOOT}" stroke="#ddd"/>'
        yield f'<text x="{x}" y="{high - FOOT + 18}" text-anchor="middle">{25 * step} %</text>'


def _colour_alone(known: Mapping[str, Sequence[Report]], high: int) -> Iterable[str]:
    alone = baselines(known)
    for where, dashes in ((ACCURACY, "none"), (IN_GREY, "3 4")):
        share = of_colour(alone, where)
        if share is not None:
            yield (
                f'<line x1="{_x(share)}" x2="{_x(share)}" y1="{TOP}" y2="{high - FOOT}" '
                f'stroke="{COLOUR}" stroke-width="1.5" stroke-dasharray="{dashes}"/>'
            )


def _line(name: str, reports: Sequence[Report], *, y: float) -> Iterable[str]:
    yield f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
    grey, plain = mean(reports, IN_GREY), mean(reports, ACCURACY)
    if grey is not None:
        yield f'<circle cx="{_x(grey)}" cy="{y}" r="4" fill="#fff" stroke="{GREY}" {_WIDTH}/>'
    if bounds := interval(reports, ACCURACY):
        low, high = map(_x, bounds)
        yield f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="{PLAIN}" {_WIDTH}/>'
    if plain is not None:
        yield f'<circle cx="{_x(plain)}" cy="{y}" r="4" fill="{PLAIN}"/>'


_WIDTH = 'stroke-width="1.5"'


def _legend() -> Iterable[str]:
    yield f'<circle cx="{LEFT + 6}" cy="18" r="4" fill="{PLAIN}"/>'
    yield f'<text x="{LEFT + 16}" y="22">as they are</text>'
    yield f'<circle cx="{LEFT + 106}" cy="18" r="4" fill="#fff" stroke="{GREY}" {_WIDTH}/>'
    yield f'<text x="{LEFT + 116}" y="22">in grey</text>'
    for x, dashes, words in ((186, "none", "colour alone"), (306, "3 4", "the same in grey")):
        yield (
            f'<line x1="{LEFT + x}" x2="{LEFT + x + 18}" y1="18" y2="18" stroke="{COLOUR}" '
            f'stroke-width="1.5" stroke-dasharray="{dashes}"/>'
        )
        yield f'<text x="{LEFT + x + 24}" y="22">{words}</text>'
