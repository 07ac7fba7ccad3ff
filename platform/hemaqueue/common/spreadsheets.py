"""Text in the cells of a table: a spreadsheet shows it and computes nothing."""

from __future__ import annotations

#: What makes a spreadsheet take a cell for a formula (OWASP: CSV injection), wide forms too.
STARTERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def inert(cell: str) -> str:
    """Return `cell` so that a spreadsheet shows it and computes nothing."""
    return f"'{cell}" if _is_formula(cell) else cell


def as_written(cell: str) -> str:
    """Return what a cell said before it was made inert."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip(" ")[:1] in tuple(STARTERS)
