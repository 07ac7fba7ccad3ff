"""Addresses of the REST interface, below /api/v1/."""

from __future__ import annotations

from django.urls import path

from hemaqueue.api import (
    batches,
    cases,
    decisions,
    docs,
    explanations,
    exports,
    images,
    jobs,
    pictures,
    reports,
    signing,
    status,
    tokens,
    training,
    versions,
)

app_name = "api"

urlpatterns = [
    path("images/", images.ImagesView.as_view(), name="images"),
    path("smears/", images.SmearsView.as_view(), name="smears"),
    path("images/<uuid:pk>/", images.ImageView.as_view(), name="image"),
    path("images/<uuid:pk>/picture/", pictures.PictureView.as_view(), name="image_picture"),
    path("images/<uuid:pk>/thumbnail/", pictures.ThumbnailView.as_view(), name="image_thumbnail"),
    path("images/<uuid:pk>/heatmap/", pictures.HeatmapView.as_view(), name="image_heatmap"),
    path("images/<uuid:pk>/original/", pictures.OriginalView.as_view(), name="image_original"),
    path("images/<uuid:pk>/decisions/", decisions.DecisionsView.as_view(), name="decisions"),
    path(
        "images/<uuid:pk>/explanations/",
        explanations.ExplanationsView.as_view(),
        name="explanations",
    ),
    path("images/<uuid:pk>/withdraw/", images.WithdrawView.as_view(), name="image_withdraw"),
    path("batches/", batches.BatchesView.as_view(), name="batches"),
    path("batches/<uuid:pk>/", batches.BatchView.as_view(), name="batch"),
    path("batches/<uuid:pk>/retry/", batches.BatchRetryView.as_view(), name="batch_retry"),
    path("batches/<uuid:pk>/summary/", exports.BatchSummaryView.as_view(), name="batch_summary"),
    path("jobs/<uuid:pk>/", jobs.JobView.as_view(), name="job"),
    path("jobs/<uuid:pk>/retry/", jobs.JobRetryView.as_view(), name="job_retry"),
    path("jobs/<uuid:pk>/cancel/", jobs.JobCancelView.as_view(), name="job_cancel"),
    path("cases/", cases.CasesView.as_view(), name="cases"),
    path("cases/<uuid:pk>/", cases.CaseView.as_view(), name="case"),
    path("cases/<uuid:pk>/share/", cases.CaseShareView.as_view(), name="case_share"),
    path("cases/<uuid:pk>/sign/", signing.CaseSignView.as_view(), name="case_sign"),
    path("cases/<uuid:pk>/amend/", signing.CaseAmendView.as_view(), name="case_amend"),
    path("cases/<uuid:pk>/reports/", reports.CaseReportsView.as_view(), name="case_reports"),
    path("reports/<uuid:pk>/", reports.ReportView.as_view(), name="report"),
    path("exports/", exports.ExportsView.as_view(), name="exports"),
    path("exports/<uuid:pk>/", exports.ExportView.as_view(), name="export"),
    path("exports/<uuid:pk>/file/", exports.ExportFileView.as_view(), name="export_file"),
    path("models/", versions.ModelsView.as_view(), name="models"),
    path("models/serving/", versions.ServingView.as_view(), name="models_serving"),
    path("models/<uuid:pk>/promote/", training.ModelPromoteView.as_view(), name="model_promote"),
    path("models/<uuid:pk>/reject/", training.ModelRejectView.as_view(), name="model_reject"),
    path("training/runs/", training.TrainingRunsView.as_view(), name="training_runs"),
    path("training/runs/<uuid:pk>/", training.TrainingRunView.as_view(), name="training_run"),
    path("tokens/", tokens.TokensView.as_view(), name="tokens"),
    path("tokens/<str:key>/", tokens.TokenView.as_view(), name="token"),
    path("status/", status.StatusView.as_view(), name="status"),
    path("schema/", docs.SchemaView.as_view(), name="schema"),
    path("docs/", docs.DocsView.as_view(), name="docs"),
]
