"""The rows of the access table about located cells: seen like their images, changed by readers."""

from __future__ import annotations

from tests.hemaqueue.access.rows import row

#   route, method, object                        tech clin admn guest   events
CELLS_INTERFACE = [
    row("api:cells", "GET", "image",            "200 200 200 200", "image.view_cells"),
    row("api:cells", "POST", "image",           "403 201 403 403", "cell.add"),
    row("api:cells_find", "POST", "image",      "403 202 403 403", "cell.find"),
    row("api:cells_proposed", "POST", "image",  "403 200 403 403", "cell.name_proposed"),
    row("api:cells_proposed", "DELETE", "image", "403 200 403 403", "cell.remove_proposed"),
    row("api:cell", "PATCH", "cell",            "403 200 403 403", "cell.change"),
    row("api:cell", "DELETE", "cell",           "403 204 403 403", "cell.remove"),
    row("api:cells_text", "GET", "image",       "200 200 200 200", "cell.export"),
    row("api:cells_archive", "GET", "case",     "200 200 200 200", "cell.export"),
]  # fmt: skip

CELLS_PAGES = [
    row("case_cells", "GET", "case",            "200 200 200 200", "case.view_cells"),
    row("image_cells", "POST", "image",         "403 302 403 403", "cell.add"),
    row("image_cells_find", "POST", "image",    "403 302 403 403", "cell.find"),
    row("image_cells_find", "GET", "image",     "403 302 403 403"),
    row("image_proposed", "POST", "image",      "403 302 403 403", "cell.name_proposed"),
    row("image_cell", "POST", "cell",           "403 302 403 403", "cell.change"),
]  # fmt: skip
