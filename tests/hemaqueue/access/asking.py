"""The complete body of each row that has one, so that a refusal can only be one of access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hemaqueue.evaluations.policy import gate_limits, gate_policy
from hemaqueue.reviews.selectors import review_stamp
from tests import factories, judging

if TYPE_CHECKING:
    from tests.hemaqueue.access.world import World


def _upload(world: World) -> dict[str, Any]:
    return {"file": world.file(), "image_kind": "synthetic"}


CELL = {"label": "pro_b", "left": "0.2", "top": "0.2", "width": "0.1", "height": "0.1"}
SCALE = {"microns_per_pixel": "0.065", "reason": "Another objective.", "scope": "image"}
UNTEACH = {"scope": "image", "reason": "Another patient's film."}
PROMOTE = {"reason": "It is better", "override": "The others are worse"}
POINT = {"decision": "0.3", "abstain": "0.7", "reason": "Fewer misses."}
POLICY = {
    "clear_confidence": "0.97", "urgent_hours": "2", "routine_hours": "24",
    "double_read_percent": "0", "why": "Surer.",
}  # fmt: skip
CARD = {"summary": "a", "intended_use": "b", "warnings": "c", "known_failures": "d"}
BODIES: dict[tuple[str, str], Any] = {
    ("api:images", "POST"): _upload,
    ("api:smears", "POST"): _upload,
    ("short:upload", "POST"): _upload,
    ("short:predict", "POST"): lambda world: {"image_id": str(world.image.pk)},
    ("short:report", "POST"): lambda world: {"case": str(world.case.pk)},
    ("api:decisions", "POST"): lambda world: {
        "choice": "label", "label": "early_pre_b", "stamp": review_stamp(world.image)
    },
    ("api:explanations", "POST"): lambda world: {"label": "pre_b"},
    ("api:case_sign", "POST"): lambda world: world.signing(),
    ("api:case_amend", "POST"): lambda world: {"reason": "A second look."},
    ("case_sign", "POST"): lambda world: world.signing(),
    ("case_amend", "POST"): lambda world: {"reason": "A second look."},
    ("api:referrals", "POST"): lambda world: {"colleague": "carla", "note": "Blasts?"},
    ("api:image_return", "POST"): lambda world: {"reason": "poor_focus"},
    ("api:return_answer", "POST"): lambda world: {"answer": "There is no better field."},
    ("api:adjudications", "POST"): lambda world: world.settling() | {"choice": "label"},
    ("api:confirm", "POST"): lambda world: world.confirming(),
    ("api:policy", "POST"): lambda world: {"urgent_hours": 3, "reason": "A larger team."},
    ("api:scale", "PATCH"): lambda world: {"microns_per_pixel": 0.065},
    ("policy_scale", "POST"): lambda world: {"microns_per_pixel": "0.065"},
    ("api:image_scale", "PATCH"): lambda world: SCALE,
    ("image_scale", "POST"): lambda world: SCALE,
    ("api:label_withdrawals", "POST"): lambda world: UNTEACH,
    ("image_unteach", "POST"): lambda world: UNTEACH,
    ("api:dataset_picture_withdrawals", "POST"): lambda world: UNTEACH,
    ("dataset_picture", "POST"): lambda world: UNTEACH,
    ("case_refer", "POST"): lambda world: {"elsewhere": "carla", "note": "Blasts?"},
    ("image_return", "POST"): lambda world: {"reason": "poor_focus"},
    ("image_returned", "POST"): lambda world: {"answer": "There is no better field."},
    ("image_settle", "POST"): lambda world: world.settling() | {
        "choice": "pre_b", "seen": world.settling()["stamp"]
    },
    ("gallery_card", "POST"): lambda world: {"label": "early_pre_b"},
    ("gallery_confirm", "POST"): lambda world: world.confirming(),
    ("policy", "POST"): lambda world: POLICY,
    ("api:batches", "POST"): lambda world: {"name": "Wednesday"},
    ("api:case_share", "POST"): lambda world: {"colleague": "carla"},
    ("api:case_share", "DELETE"): lambda world: {"colleague": "carla"},
    ("api:exports", "POST"): lambda world: {"kind": "results"},
    ("exports", "POST"): lambda world: {"kind": "results", "format": "csv"},
    ("api:training_runs", "POST"): lambda world: {"image_kind": "synthetic"},
    ("api:evaluations", "POST"): lambda world: judging.report(world.evaluation.model),
    ("api:datasets", "POST"): lambda world: {
        "file": world.dataset_zip(), "name": "Set", "image_kind": "synthetic"
    },
    ("dataset_zip", "POST"): lambda world: {
        "file": world.dataset_zip(), "name": "Set", "kind": "synthetic"
    },
    ("api:snapshots", "POST"): lambda world: {"image_kind": "synthetic"},
    ("api:frozen_test", "POST"): lambda world: {
        "image_kind": "synthetic", "percent": 50, "reason": "A first test set."
    },
    ("snapshots", "POST"): lambda world: {
        "kind": "synthetic", "sources": ["confirmed"]
    },
    ("snapshot", "POST"): lambda world: {"format": "csv"},
    ("frozen_test", "POST"): lambda world: {
        "kind": "synthetic", "sources": ["confirmed"], "percent": "50", "reason": "A first one."
    },
    ("api:error_readings", "POST"): lambda world: {"reasons": ["poor_focus"]},
    ("error_read", "POST"): lambda world: {"reasons": ["poor_focus"]},
    ("api:gates", "POST"): lambda world: {"ece_limit": 0.04, "reason": "Surer."},
    ("api:model_point", "POST"): lambda world: POINT | {"evaluation": str(world.evaluation.pk)},
    ("api:model_card", "POST"): lambda world: CARD,
    ("api:ai", "POST"): lambda world: {"suspended": True, "reason": "It errs."},
    ("gates", "POST"): lambda world: gate_limits(gate_policy()) | {
        "ece_limit": "0.04", "why": "Surer."
    },
    ("model_card", "POST"): lambda world: CARD,
    ("evaluation_point", "POST"): lambda world: POINT,
    ("ai", "POST"): lambda world: {"suspended": "yes", "reason": "It errs."},
    ("api:shadows", "POST"): lambda world: world.shadowing(),
    ("shadows", "POST"): lambda world: world.shadowing(),
    ("api:rescores", "POST"): lambda world: world.rescoring(),
    ("rescores", "POST"): lambda world: world.rescoring(),
    ("api:model_promote", "POST"): lambda world: PROMOTE,
    ("api:model_reject", "POST"): lambda world: {"reason": "It is worse"},
    ("training_preview", "POST"): lambda world: {"kind": "synthetic", "epochs": "3"},
    ("training", "POST"): lambda world: {"kind": "synthetic", "epochs": "3"},
    ("model_promote", "POST"): lambda world: PROMOTE,
    ("api:proposals", "POST"): lambda world: world.proposing() | PROMOTE,
    ("model_propose", "POST"): lambda world: world.proposing() | PROMOTE,
    ("api:proposal_decline", "POST"): lambda world: {"reason": "It is worse"},
    ("proposal_decline", "POST"): lambda world: {"reason": "It is worse"},
    ("model_reject", "POST"): lambda world: {"reason": "It is worse"},
    ("api:archives", "POST"): lambda world: {"file": world.archive(), "image_kind": "synthetic"},
    ("api:manifests", "POST"): lambda world: {"manifest": world.manifest()},
    ("api:batch_held", "POST"): lambda world: {"choice": "send"},
    ("api:case_attach", "POST"): lambda world: {"image": str(factories.image().pk)},
    ("upload_zip", "POST"): lambda world: world.context() | {"file": world.archive()},
    ("manifest", "POST"): lambda world: {"manifest": world.manifest()},
    ("case_attach", "POST"): lambda world: {"image": str(factories.image().pk)},
    ("upload", "POST"): lambda world: world.context() | {"files": world.file()},
    ("batch_open", "POST"): lambda world: world.context(),
    ("upload_file", "POST"): lambda world: world.context() | {"file": world.file()},
    ("batch_file", "POST"): lambda world: world.context() | {"file": world.file()},
    ("image_choose", "POST"): lambda world: {"act": "withdraw"},
    ("api:undo", "POST"): lambda world: world.undoing(),
    ("image_undo", "POST"): lambda world: world.undoing(),
    ("api:first_read", "POST"): lambda world: {"choice": "uncertain"},
    ("image_first_read", "POST"): lambda world: {"choice": "uncertain"},
    ("api:cells", "POST"): lambda world: CELL,
    ("image_cells", "POST"): lambda world: CELL,
    ("api:cells_proposed", "POST"): lambda world: {"label": "benign"},
    ("image_proposed", "POST"): lambda world: {"label": "benign"},
    ("api:cell", "PATCH"): lambda world: {"version": 1, "label": "benign"},
    ("api:cell", "DELETE"): lambda world: {"version": 1},
    ("image_cell", "POST"): lambda world: CELL | {"version": "1"},
    ("image_explain", "POST"): lambda world: {"label": "pre_b"},
    ("image_decide", "POST"): lambda world: {
        "choice": "early_pre_b", "seen": review_stamp(world.image)
    },
    ("case_share", "POST"): lambda world: {"colleague": "carla"},
    ("case_unshare", "POST"): lambda world: {"colleague": str(world.colleague.pk)},
    ("saved_views", "POST"): lambda world: {"page": "history", "name": "Mine", "query": "q=1"},
    ("saved_view", "POST"): lambda world: {"name": "Another"},
    ("api:saved_views", "POST"): lambda world: {"page": "history", "name": "B", "query": "q=2"},
    ("api:saved_view", "PATCH"): lambda world: {"name": "Another"},
    ("tokens", "POST"): lambda world: {"days": "30", "scopes": ["slide:write"]},
}  # fmt: skip

MULTIPART = {
    "api:images", "api:smears", "short:upload", "api:archives", "api:manifests", "api:datasets"
}  # fmt: skip
