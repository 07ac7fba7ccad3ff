"""The column of tokens: the scopes one of which opens a row; "" where only a person may."""

from __future__ import annotations

SEND, READ, WORK = "slide:write", "result:read", "job:write"
REVIEW, REPORT, MANAGE = "review:write", "report:write", "manage:write"
EVERY = (SEND, READ, WORK, REVIEW, REPORT, MANAGE)
PERSON: tuple[str, ...] = ()

SCOPES: dict[str, dict[tuple[str, ...], str]] = {
    "GET": {
        (SEND, READ): "batch batch_files job notices returns",
        EVERY: "status schema docs",
        (READ, MANAGE): "policy",
        PERSON: "tokens",
    },
    "POST": {
        (SEND,): "images smears upload predict image_withdraw image_release batches archives"
        " manifests batch_held case_attach return_answer",
        (SEND, READ): "notices_see saved_views",
        (WORK,): "batch_retry job_retry job_cancel",
        (READ, REVIEW): "explanations",
        (REVIEW,): "decisions undo first_read adjudications cells cells_find cells_proposed"
        " case_share case_claim referrals referral_answer image_return",
        (REVIEW, MANAGE): "label_withdrawals",
        (REPORT,): "report case_reports exports",
        (MANAGE,): "evaluations training_runs model_promote model_reject policy training_run_cancel"
        " training_run_retry datasets dataset_import dataset_picture_withdrawals snapshots"
        " frozen_test gates model_point model_card ai model_evaluations rescores rescore_cancel"
        " shadows shadow_stop error_readings proposals proposal_confirm proposal_decline",
        PERSON: "case_sign case_amend confirm tokens",
    },
    "PATCH": {
        (REVIEW,): "cell",
        (MANAGE,): "scale",
        (SEND, REVIEW, MANAGE): "image_scale",
        (SEND, READ): "saved_view",
    },
    "DELETE": {
        (REVIEW,): "cell cells_proposed case_share case_claim referral",
        (SEND, READ): "saved_view",
        (MANAGE,): "dataset",
        PERSON: "token",
    },
}


def opening(route: str, method: str) -> tuple[str, ...]:
    """Return the scopes of which a token needs one for a row; reading is the rule for GET."""
    name = route.rpartition(":")[2]
    for scopes, names in SCOPES[method].items():
        if name in names.split():
            return scopes
    assert method == "GET", f"{method} {route} has no scope"
    return (READ,)
