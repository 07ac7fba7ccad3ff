"""THE ACCESS TABLE: who may do what, as data. A route without a row fails the build.

A row is one method of one route. `object` is what its address names; the columns are the
statuses for members of the object's site, `guest` is a clinician of another site with whom the
case was shared. Everybody else is a rule, not a column: see `expected`. `events` are the actions
that an allowed access leaves in the audit trail.
"""

from __future__ import annotations

from dataclasses import dataclass

MEMBERS = ("technician", "clinician", "administrator")
ROLES = (*MEMBERS, "guest", "outsider", "former", "deactivated", "anonymous")


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    object: str  # "" where nothing is named, "@image" where the body names it
    technician: int
    clinician: int
    administrator: int
    guest: int
    events: tuple[str, ...] = ()
    former: int = 0
    open: bool = False
    common: bool = False  # the object belongs to no site: every member may have it

    @property
    def is_api(self) -> bool:
        return self.route.startswith(("api:", "short:"))

    def expected(self, role: str) -> int:
        """Return the status for `role`: a column, or the rule for those who have none."""
        if role in MEMBERS or (role == "guest" and self.object):
            return int(getattr(self, role))
        if self.open:
            return self.technician
        if role in ("guest", "outsider"):
            return 404 if self.object and not self.common else self.clinician
        if role == "former":
            return self.former or (403 if self.is_api else 404)
        return 401 if self.is_api else 302


def row(
    route: str,
    method: str,
    about: str,
    statuses: str,
    *events: str,
    former: int = 0,
    common: bool = False,
) -> Row:
    """Read the four columns from one string, so that rows stand under one another."""
    columns = [int(status) for status in statuses.split()]
    return Row(route, method, about, *columns, events=events, former=former, common=common)


#   route, method, object                        tech clin admn guest   events
INTERFACE = [
    row("api:images", "GET", "",                "200 200 200 200", "image.list"),
    row("api:images", "POST", "",               "202 202 403 202", "case.create", "image.upload"),
    row("api:smears", "GET", "",                "200 200 200 200", "image.list"),
    row("api:smears", "POST", "",               "202 202 403 202", "case.create", "image.upload"),
    row("api:image", "GET", "image",            "200 200 200 200", "image.view"),
    row("api:image_picture", "GET", "image",    "200 200 200 200", "image.view_picture"),
    row("api:image_thumbnail", "GET", "image",  "200 200 200 200", "image.view_thumbnail"),
    row("api:image_heatmap", "GET", "image",    "200 200 200 200", "image.view_heatmap"),
    row("api:image_original", "GET", "image",   "403 200 403 403", "image.download_original"),
    row("api:decisions", "POST", "image",       "403 201 403 403", "image.decide"),
    row("api:undo", "POST", "image_decided",    "403 200 403 403", "image.undo"),
    row("api:first_read", "POST", "image_read", "403 201 403 403"),  # said again
    row("api:cells", "GET", "image",            "200 200 200 200", "image.view_cells"),
    row("api:cells", "POST", "image",           "403 201 403 403", "cell.add"),
    row("api:cell", "PATCH", "cell",            "403 200 403 403", "cell.change"),
    row("api:cell", "DELETE", "cell",           "403 204 403 403", "cell.remove"),
    row("api:cells_text", "GET", "image",       "200 200 200 200", "cell.export"),
    row("api:cells_archive", "GET", "case",     "200 200 200 200", "cell.export"),
    row("api:explanations", "POST", "image",    "202 202 202 403", "image.explain"),
    row("api:image_withdraw", "POST", "image",  "200 403 403 403", "image.withdraw"),
    row("api:label_withdrawals", "GET", "image", "403 200 200 403", "image.view"),
    row("api:label_withdrawals", "POST", "image", "403 201 201 403", "image.unteach"),
    row("api:batches", "GET", "",               "200 200 200 200", "batch.list"),
    row("api:batches", "POST", "",              "201 201 403 201", "batch.create"),
    row("api:batch", "GET", "batch",            "200 200 200 404", "batch.view"),
    row("api:batch_retry", "POST", "batch",     "202 202 202 404", "batch.retry", "job.retry"),
    row("api:archives", "POST", "",             "202 202 403 202", "batch.create", "case.create"),
    row("api:manifests", "POST", "",            "200 200 403 200"),
    row("api:batch_files", "GET", "batch",      "200 200 200 404", "batch.view"),
    row("api:batch_held", "POST", "batch_mine", "200 200 403 404"),
    row("api:image_release", "POST", "image",   "200 403 403 403"),
    row("api:case_attach", "POST", "case",      "200 200 403 403", "case.attach"),
    row("api:notices", "GET", "",               "200 200 200 200"),
    row("api:notices_see", "POST", "",          "200 200 200 200"),
    row("api:job", "GET", "job",                "200 200 200 404"),
    row("api:job_retry", "POST", "job_failed",  "202 202 202 404", "job.retry"),
    row("api:job_cancel", "POST", "job",        "202 202 202 404", "job.cancel"),
    row("api:cases", "GET", "",                 "200 200 200 200", "case.list"),
    row("api:case", "GET", "case",              "200 200 200 200", "case.view"),
    row("api:case_share", "POST", "case",       "403 200 403 403", "case.share"),
    row("api:case_share", "DELETE", "case",     "403 200 403 403", "case.unshare"),
    row("api:case_claim", "POST", "case",       "403 200 403 403"),
    row("api:case_claim", "DELETE", "case",     "403 200 403 403"),
    row("api:worklist", "GET", "",              "403 200 403 200", "worklist.view"),
    row("api:case_sign", "POST", "case_ready",  "403 201 403 403", "case.sign"),
    row("api:case_amend", "POST", "case_signed", "403 201 403 403", "case.amend"),
    row("api:referrals", "GET", "case",         "200 200 200 200"),
    row("api:referrals", "POST", "case",        "403 201 403 403", "case.share", "case.refer"),
    row("api:referral_answer", "POST", "referral", "404 200 404 404", "referral.answer"),
    row("api:referral", "DELETE", "referral",   "403 204 403 403", "referral.take_back"),
    row("api:returns", "GET", "",               "200 200 200 200"),
    row("api:image_return", "POST", "image",    "403 201 403 403", "image.return"),
    row("api:return_answer", "POST", "image_back", "200 200 403 403", "return.answer"),
    row("api:adjudications", "POST", "image_disputed", "403 201 403 403", "image.adjudicate"),
    row("api:confirm", "POST", "",              "403 200 403 200", "images.confirm"),
    row("api:policy", "GET", "site",            "404 200 200 404"),
    row("api:policy", "POST", "site",           "404 404 201 404", "policy.change"),
    row("api:agreement", "GET", "site",         "404 200 200 404"),
    row("api:scale", "GET", "site",             "404 200 200 404"),
    row("api:scale", "PATCH", "site",           "404 404 200 404", "site.scale"),
    row("api:case_reports", "POST", "case",     "403 202 403 403", "report.request"),
    row("api:report", "GET", "report",          "200 200 200 200", "report.download"),
    row("api:batch_summary", "GET", "batch",    "200 200 200 404", "batch.summary"),
    row("api:exports", "GET", "",               "200 200 200 200"),
    row("api:exports", "POST", "",              "202 202 202 202", "export.request"),
    row("api:export", "GET", "export",          "404 200 404 404"),
    row("api:export_file", "GET", "export",     "404 200 404 404", "export.download"),
    row("api:models", "GET", "",                "200 200 200 200"),
    row("api:models_serving", "GET", "",        "200 200 200 200"),
    row("api:model_promote", "POST", "model",   "404 404 200 404", "model.promote"),
    row("api:model_reject", "POST", "model",    "404 404 200 404", "model.reject"),
    row("api:model_withdrawn", "GET", "model",  "200 200 200 200", common=True),
    row("api:training_runs", "GET", "",         "404 404 200 404"),
    row("api:training_runs", "POST", "",        "404 404 202 404"),  # brings the one that goes on
    row("api:training_run", "GET", "run",       "404 404 200 404"),
    row("api:tokens", "GET", "",                "200 200 200 200"),
    row("api:tokens", "POST", "",               "403 403 403 403"),  # a token makes no tokens
    row("api:token", "DELETE", "token",         "204 204 204 204", "token.revoke"),
    row("api:status", "GET", "",                "200 200 200 200"),
    row("api:schema", "GET", "",                "200 200 200 200"),
    row("api:docs", "GET", "",                  "200 200 200 200"),
    row("short:upload", "POST", "",             "202 202 403 202", "case.create", "image.upload"),
    row("short:predict", "POST", "@image",      "200 200 200 200", "image.view"),
    row("short:report", "POST", "@case",        "403 202 403 403", "report.request"),
    row("short:report_of_case", "GET", "case",  "200 200 200 200", "report.download"),
    Row("short:livez", "GET", "", 200, 200, 200, 200, open=True),
    Row("short:readyz", "GET", "", 503, 503, 503, 503, open=True),
]  # fmt: skip

PAGES = [
    row("home", "GET", "",                      "200 200 200 200", "home.view", former=200),
    row("home_numbers", "GET", "",              "200 200 200 200", former=200),
    row("upload", "GET", "",                    "200 200 403 200", former=403),
    row("upload", "POST", "",                   "302 302 403 302", "case.create", "image.upload",
        former=403),
    row("batch_open", "POST", "",               "200 200 403 200", "case.create", "batch.create",
        former=403),
    row("upload_file", "POST", "",              "200 200 403 200", "case.create", "image.upload",
        former=403),
    row("upload_zip", "POST", "",               "302 302 403 302", "batch.create", "case.create",
        former=403),
    row("manifest", "GET", "",                  "200 200 403 200", former=403),
    row("manifest", "POST", "",                 "200 200 403 200", former=403),
    row("manifest_template", "GET", "",         "200 200 403 200", former=403),
    row("batch_here", "GET", "batch",           "200 200 403 404", "batch.view", former=403),
    row("case_attach", "POST", "case",          "302 302 403 403", "case.attach"),
    row("notices", "GET", "",                   "200 200 200 200", former=200),
    row("batch", "GET", "batch",                "200 200 200 404", "batch.view"),
    row("batch_rows", "GET", "batch",           "200 200 200 404"),
    row("batch_add", "GET", "batch",            "200 200 403 404", former=403),
    row("batch_file", "POST", "batch",          "200 200 403 404", "case.create", "image.upload",
        former=403),
    row("batch_retry", "POST", "batch",         "302 302 302 404", "batch.retry", "job.retry"),
    row("batch_withdraw", "POST", "batch_mine", "302 302 403 404"),
    row("batch_held", "POST", "batch_mine",     "302 302 403 404"),
    row("batch_refusals", "GET", "batch",       "200 200 200 404", "batch.export_refusals"),
    row("job_retry", "POST", "job_failed",      "302 302 302 404", "job.retry"),
    row("image", "GET", "image",                "200 200 200 200", "image.view"),
    row("image_status", "GET", "image",         "200 200 200 200"),
    row("case_refer", "GET", "case",            "403 200 403 403"),
    row("case_refer", "POST", "case",           "403 302 403 403", "case.share", "case.refer"),
    row("referral_answer", "POST", "referral",  "404 302 404 404", "referral.answer"),
    row("referral_end", "POST", "referral",     "403 302 403 403", "referral.take_back"),
    row("image_return", "GET", "image",         "403 200 403 403"),
    row("image_return", "POST", "image",        "403 302 403 403", "image.return"),
    row("image_returned", "GET", "image_back",  "200 200 403 403"),
    row("image_returned", "POST", "image_back", "302 302 403 403", "return.answer"),
    row("image_settle", "GET", "image_disputed", "403 200 403 403"),
    row("image_settle", "POST", "image_disputed", "403 302 403 403", "image.adjudicate"),
    row("gallery", "GET", "",                   "403 200 403 200", "gallery.view", former=403),
    row("gallery_card", "POST", "image",        "403 302 403 403", "image.decide"),
    row("gallery_confirm", "POST", "",          "403 302 403 302", "images.confirm", former=403),
    row("policies", "GET", "",                  "403 302 302 302", former=403),
    row("policy", "GET", "site",                "404 200 200 404"),
    row("policy", "POST", "site",               "404 404 302 404", "policy.change"),
    row("policy_scale", "POST", "site",         "404 404 302 404", "site.scale"),
    row("image_unteach", "GET", "image",        "403 200 200 403"),
    row("image_unteach", "POST", "image",       "403 302 302 403", "image.unteach"),
    row("model_withdrawn", "GET", "model",      "200 200 200 200", former=200, common=True),
    row("image_choose", "POST", "image",        "302 403 403 403", "image.withdraw"),
    row("image_explain", "GET", "image",        "200 200 200 200"),
    row("image_explain", "POST", "image",       "302 302 302 403", "image.explain"),
    row("image_decide", "POST", "image",        "403 302 403 403", "image.decide"),
    row("image_first_read", "POST", "image_read", "403 302 403 403"),  # said again
    row("image_undo", "POST", "image_decided",  "403 302 403 403", "image.undo"),
    row("image_cells", "POST", "image",         "403 302 403 403", "cell.add"),
    row("image_cell", "POST", "cell",           "403 302 403 403", "cell.change"),
    row("image_picture", "GET", "image",        "200 200 200 200", "image.view_picture"),
    row("image_full", "GET", "image",           "200 200 200 200", "image.view_picture"),
    row("image_thumbnail", "GET", "image",      "200 200 200 200"),
    row("image_heatmap", "GET", "image",        "200 200 200 200", "image.view_heatmap"),
    row("image_original", "GET", "image",       "403 200 403 403", "image.download_original"),
    row("case", "GET", "case",                  "200 200 200 200", "case.view"),
    row("case_share", "GET", "case",            "403 200 403 403"),
    row("case_share", "POST", "case",           "403 302 403 403", "case.share"),
    row("case_unshare", "POST", "case_shared",  "403 302 403 403", "case.unshare"),
    row("case_sign", "GET", "case_ready",       "403 200 403 403"),
    row("case_sign", "POST", "case_ready",      "403 302 403 403", "case.sign"),
    row("case_amend", "GET", "case_signed",     "403 200 403 403"),
    row("case_amend", "POST", "case_signed",    "403 302 403 403", "case.amend"),
    row("verify", "GET", "report",              "200 200 200 200", "report.verify"),
    row("report_request", "POST", "case",       "403 302 403 403", "report.request"),
    row("report_status", "GET", "case",         "200 200 200 200"),
    row("report_file", "GET", "report",         "200 200 200 200", "report.download"),
    row("batch_summary", "GET", "batch",        "200 200 200 404", "batch.summary"),
    row("batch_summary", "POST", "batch",       "302 302 302 404", "export.request"),
    row("exports", "GET", "",                   "200 200 200 200", former=200),
    row("exports", "POST", "",                  "302 302 302 302", "export.request", former=403),
    row("export_rows", "GET", "",               "200 200 200 200", former=200),
    row("export_file", "GET", "export",         "404 200 404 404", "export.download"),
    row("worklist", "GET", "",                  "403 200 403 200", "worklist.view", former=403),
    row("worklist_counts", "GET", "",           "403 200 403 200", former=403),
    row("case_claim", "POST", "case",           "403 204 403 403"),
    row("case_release", "POST", "case",         "302 302 302 302"),
    row("history", "GET", "",                   "200 200 200 200", "history.view", former=200),
    row("saved_views", "POST", "",              "302 302 302 302", former=302),
    row("saved_view", "POST", "view",           "302 404 404 404", former=404),
    row("models", "GET", "",                    "200 200 200 200", former=200),
    row("model_promote", "POST", "model",       "404 404 302 404", "model.promote"),
    row("model_reject", "POST", "model",        "404 404 302 404", "model.reject"),
    row("training", "GET", "",                  "404 404 200 404"),
    row("training", "POST", "",                 "404 404 302 404"),  # brings the one that goes on
    row("training_runs", "GET", "",             "404 404 200 404"),
    row("status", "GET", "",                    "200 200 200 200", former=200),
    row("audit", "GET", "",                     "403 403 200 403", former=403),
    Row("language", "POST", "", 302, 302, 302, 302, open=True),
    row("use", "GET", "",                       "200 200 200 200", former=200),
    row("use", "POST", "",                      "302 302 302 302", "use.acknowledge", former=302),
    row("tokens", "GET", "",                    "200 200 200 200", former=200),
    row("tokens", "POST", "",                   "200 200 200 200", "token.create", former=200),
    row("token_revoke", "POST", "token",        "302 302 302 302", "token.revoke", former=302),
]  # fmt: skip

TABLE = INTERFACE + PAGES
