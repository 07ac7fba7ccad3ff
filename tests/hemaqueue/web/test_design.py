"""The design system keeps its own rules: contrast, words, sizes, vendored files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.ROOT) / "frontend_templates"
STATIC = TEMPLATES / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text()
TEXT = ("accent", "attention", "failed", "done", "waiting", "working", "quiet")
MARKS = ("benign", "early", "pre", "pro")
LONGEST_SCRIPT = 120
PAGES = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "reports"]


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme by name."""
    begin = TOKENS.index(f'[data-bs-theme="{theme}"] {{')
    block = TOKENS[begin : TOKENS.index("}", begin)]
    return dict(re.findall(r"--hq-([\w-]+): (#[0-9a-f]{3,6})\b", block))


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of "#rgb" or "#rrggbb"."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "card"])
def test_text_and_marks_stand_out_from_their_ground(theme: str, ground: str) -> None:
    colours = tokens(theme)
    for name in (*TEXT, "ink"):
        assert contrast(colours[name], colours[ground]) >= 4.5, name
    for name in (*MARKS, "control"):
        assert contrast(colours[name], colours[ground]) >= 3.0, name
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_attention_is_readable_on_its_own_ground(theme: str) -> None:
    colours = tokens(theme)
    for name in ("attention", "ink", "quiet"):
        assert contrast(colours[name], colours["attention-soft"]) >= 4.5, name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_keeps_to_the_policy_and_to_the_words(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son(click|load|change|submit)=", source)
    assert not re.search(r"diagnos", source, re.IGNORECASE)
    assert "https://" not in source


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_short_and_says_what_it_does(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines[0].startswith("// ")
    assert len(lines) <= LONGEST_SCRIPT
    assert "eval(" not in path.read_text()


def test_every_icon_that_is_used_is_there_and_none_is_left_over() -> None:
    icons = STATIC / "vendor" / "bootstrap-icons"
    sources = [path.read_text() for path in PAGES]
    sources += [
        path.read_text() for path in (Path(settings.ROOT) / "platform/hemaqueue/web").rglob("*.py")
    ]
    text = "\n".join(sources)
    there = {path.stem for path in icons.glob("*.svg")}
    assert {name for name in there if f'"{name}"' not in text} == set()
    assert set(re.findall(r'{% icon "([\w-]+)" %}', text)) <= there


def test_vendored_libraries_have_their_licences_and_stay_small() -> None:
    vendor = STATIC / "vendor"
    for folder in vendor.iterdir():
        assert (folder / "LICENSE").exists(), folder.name
    assert sum(path.stat().st_size for path in vendor.rglob("*") if path.is_file()) < 2_000_000
