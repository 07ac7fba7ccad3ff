"""The rows of the access table about training: for who runs the installation, nobody else."""

from __future__ import annotations

from tests.hemaqueue.access.rows import row

#   route, method, object                        tech clin admn guest   events
LEARNING_INTERFACE = [
    row("api:training_runs", "GET", "",         "404 404 200 404"),
    row("api:training_runs", "POST", "",        "404 404 202 404"),  # brings the one that goes on
    row("api:training_run", "GET", "run",       "404 404 200 404"),
    row("api:training_run_cancel", "POST", "run", "404 404 202 404", "training.cancel"),
    row("api:training_preview", "GET", "",      "404 404 200 404"),
    row("api:datasets", "GET", "",              "404 404 200 404"),
    row("api:datasets", "POST", "",             "404 404 201 404", "dataset.look_over"),
    row("api:dataset", "GET", "dataset",        "404 404 200 404"),
    row("api:dataset", "DELETE", "dataset",     "404 404 204 404", "dataset.discard"),
    row("api:dataset_faults", "GET", "dataset", "404 404 200 404"),
    row("api:dataset_pictures", "GET", "dataset", "404 404 200 404", "dataset.view_pictures"),
    row("api:dataset_picture", "GET", "picture", "404 404 200 404"),
    row("api:dataset_picture_file", "GET", "picture", "404 404 200 404", "picture.view"),
    row("api:dataset_picture_withdrawals", "GET", "picture", "404 404 200 404"),
    row("api:dataset_picture_withdrawals", "POST", "picture", "404 404 201 404",
        "picture.unteach"),
    row("api:dataset_import", "POST", "dataset", "404 404 202 404", "dataset.import"),
    row("api:snapshots", "GET", "",             "404 404 200 404"),
    row("api:snapshots", "POST", "",            "404 404 201 404", "snapshot.create"),
    row("api:snapshot", "GET", "snapshot",      "404 404 200 404"),
    row("api:snapshot_images", "GET", "snapshot", "404 404 200 404"),
    row("api:snapshot_exclusions", "GET", "snapshot", "404 404 200 404"),
    row("api:snapshot_diff", "GET", "snapshots", "404 404 200 404"),
    row("api:frozen_test", "GET", "",           "404 404 200 404"),
    row("api:shadows", "GET", "",               "404 404 200 404"),
    row("api:shadows", "POST", "",              "404 404 201 404", "shadow.start"),
    row("api:shadow", "GET", "shadow",          "404 404 200 404"),
    row("api:shadow_flips", "GET", "shadow",    "404 404 200 404", "shadow.view"),
    row("api:shadow_stop", "POST", "shadow",    "404 404 200 404", "shadow.stop"),
    row("api:rescores", "GET", "",              "404 404 200 404"),
    row("api:rescores", "POST", "",             "404 404 202 404", "rescore.request"),
    row("api:rescore", "GET", "rescore",        "404 404 200 404"),
    row("api:rescore_flips", "GET", "rescore",    "404 404 200 404", "rescore.view"),
    row("api:rescore_cancel", "POST", "rescore", "404 404 200 404", "rescore.cancel"),
    row("api:frozen_test", "POST", "",          "404 404 201 404", "test_set.extend"),
]  # fmt: skip

LEARNING_PAGES = [
    row("training", "GET", "",                  "404 404 200 404"),
    row("training", "POST", "",                 "404 404 302 404"),  # brings the one that goes on
    row("training_preview", "POST", "",         "404 404 200 404"),
    row("training_runs", "GET", "",             "404 404 200 404"),
    row("training_run", "GET", "run",           "404 404 200 404"),
    row("training_run_live", "GET", "run",      "404 404 200 404"),
    row("training_run_cancel", "POST", "run",   "404 404 302 404", "training.cancel"),
    row("datasets", "GET", "",                  "404 404 200 404"),
    row("dataset_zip", "POST", "",              "404 404 302 404", "dataset.look_over"),
    row("dataset", "GET", "dataset",            "404 404 200 404"),
    row("dataset_pictures", "GET", "dataset",   "404 404 200 404", "dataset.view_pictures"),
    row("dataset_picture", "GET", "picture",    "404 404 200 404", "picture.view"),
    row("dataset_picture", "POST", "picture",   "404 404 302 404", "picture.unteach"),
    row("dataset_picture_file", "GET", "picture", "404 404 200 404"),
    row("dataset_thumbnail", "GET", "picture",  "404 404 200 404"),
    row("dataset_import", "POST", "dataset",    "404 404 302 404", "dataset.import"),
    row("dataset_discard", "POST", "dataset",   "404 404 302 404", "dataset.discard"),
    row("snapshots", "GET", "",                 "404 404 200 404"),
    row("snapshots", "POST", "",                "404 404 302 404", "snapshot.create"),
    row("snapshot", "GET", "snapshot",          "404 404 200 404"),
    row("snapshot", "POST", "snapshot",         "404 404 302 404", "export.request"),
    row("snapshot_diff", "GET", "",             "404 404 404 404"),  # it names no two
    row("shadows", "GET", "",                   "404 404 200 404"),
    row("shadows", "POST", "",                  "404 404 302 404", "shadow.start"),
    row("shadow", "GET", "shadow",              "404 404 200 404", "shadow.view"),
    row("shadow_stop", "POST", "shadow",        "404 404 302 404", "shadow.stop"),
    row("rescores", "GET", "",                  "404 404 200 404"),
    row("rescores", "POST", "",                 "404 404 302 404", "rescore.request"),
    row("rescore", "GET", "rescore",            "404 404 200 404", "rescore.view"),
    row("rescore_live", "GET", "rescore",       "404 404 200 404"),
    row("rescore_cancel", "POST", "rescore",    "404 404 302 404", "rescore.cancel"),
    row("frozen_test", "POST", "",              "404 404 302 404", "test_set.extend"),
]  # fmt: skip
