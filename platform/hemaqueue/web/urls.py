"""The pages. Names are what templates use; every address has a row in the access table."""

from __future__ import annotations

from django.urls import path

from hemaqueue.web.views import (
    audit,
    batches,
    cases,
    explanations,
    history,
    home,
    images,
    models,
    pictures,
    reports,
    status,
    tokens,
    uploads,
    worklist,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("upload/", uploads.upload, name="upload"),
    path("upload/batch/", uploads.batch_open_here, name="batch_open"),
    path("upload/file/", uploads.upload_file, name="upload_file"),
    path("batches/<uuid:pk>/", batches.batch, name="batch"),
    path("batches/<uuid:pk>/rows/", batches.batch_rows, name="batch_rows"),
    path("batches/<uuid:pk>/add/", uploads.batch_add, name="batch_add"),
    path("batches/<uuid:pk>/files/", uploads.batch_file, name="batch_file"),
    path("batches/<uuid:pk>/retry/", batches.batch_retry, name="batch_retry"),
    path("batches/<uuid:pk>/refused.csv", batches.batch_refusals, name="batch_refusals"),
    path("jobs/<uuid:pk>/retry/", batches.job_retry, name="job_retry"),
    path("images/<uuid:pk>/", images.image, name="image"),
    path("images/<uuid:pk>/status/", images.image_status, name="image_status"),
    path("images/<uuid:pk>/explain/", explanations.image_explain, name="image_explain"),
    path("images/<uuid:pk>/decide/", images.image_decide, name="image_decide"),
    path("images/<uuid:pk>/picture.jpg", pictures.image_picture, name="image_picture"),
    path("images/<uuid:pk>/full.jpg", pictures.image_full, name="image_full"),
    path("images/<uuid:pk>/thumbnail.jpg", pictures.image_thumbnail, name="image_thumbnail"),
    path("images/<uuid:pk>/heatmap.png", pictures.image_heatmap, name="image_heatmap"),
    path("images/<uuid:pk>/original/", pictures.image_original, name="image_original"),
    path("cases/<uuid:pk>/", cases.case, name="case"),
    path("cases/<uuid:pk>/share/", cases.case_share, name="case_share"),
    path("cases/<uuid:pk>/unshare/", cases.case_unshare, name="case_unshare"),
    path("cases/<uuid:pk>/report/", reports.report_request, name="report_request"),
    path("cases/<uuid:pk>/report/status/", reports.report_status, name="report_status"),
    path("reports/<uuid:pk>/", reports.report_file, name="report_file"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("history/", history.history, name="history"),
    path("models/", models.models, name="models"),
    path("status/", status.status, name="status"),
    path("audit/", audit.audit, name="audit"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<str:key>/revoke/", tokens.token_revoke, name="token_revoke"),
]
