"""Rows for the lists: cases of one to six images, most of them signed long ago, one in ten open."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from hemaqueue.accounts.intended_use import VERSION
from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.sorting import reviews_resort_due

USERS, SITES = 50, 3
MEAN = 3.5  # images of a case
AT_ONCE, CONNECTIONS = 35_000, 4  # images of one statement's rows; statements at a time

#: The number of a row of its kind makes its id, so that rows find one another without a query.
IDS = """
CREATE OR REPLACE FUNCTION bench_id(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT md5(kind || n)::uuid $$;
"""

CASES = """
CREATE TEMP TABLE made AS
  SELECT n, 1 + n %% 6 AS images, bench_id('case', n) AS id,
    (SELECT id FROM accounts_site ORDER BY slug OFFSET n %% {sites} LIMIT 1) AS site,
    now() - (n %% 10 <> 0)::int * interval '2 days' - (n %% 900) * interval '100 seconds' AS at,
    n %% 10 = 0 AS open
  FROM generate_series(%(begin)s::bigint, %(end)s::bigint) AS n;
ANALYZE made;
INSERT INTO specimens_case (id, site_id, accession, patient, urgent, created_by_id, created_at)
  SELECT id, site, 'B26-' || lpad(n::text, 7, '0'), 'P-' || n, n %% 50 = 0, %(user)s, at FROM made;
INSERT INTO specimens_specimen (id, case_id, type) OVERRIDING SYSTEM VALUE
  SELECT n, id, 'blood' FROM made;
INSERT INTO specimens_slide (id, specimen_id, stain) OVERRIDING SYSTEM VALUE
  SELECT n, n, 'Giemsa' FROM made;
CREATE TEMP TABLE pictures AS
  SELECT n * 6 + k AS n, m.n AS case_n, m.id AS case_id, m.site, m.open,
    m.at + k * interval '1 second' AS at, bench_id('image', n * 6 + k) AS id,
    ('{{benign,benign,early_pre_b,pre_b,pro_b}}'::text[])[1 + (m.n * 7 + k * (m.n %% 3)) %% 5]
      AS label,
    0.5 + ((n * 37 + k * 11) %% 500) / 1000.0 AS confidence
  FROM made m, generate_series(0, m.images - 1) AS k;
ANALYZE pictures;
INSERT INTO specimens_smearimage (id, site_id, case_id, slide_id, kind, sha256, key, filename,
    format, bytes, width, height, quality_flags, uploaded_by_id, uploaded_at)
  SELECT id, site, case_id, case_n, 'field', md5(n::text) || md5(n::text), 'bench/' || n, '',
    'JPEG', 90000, 640, 480, CASE WHEN n %% 97 = 0 THEN '["out_of_focus"]' ELSE '[]' END::jsonb,
    %(user)s, at FROM pictures;
INSERT INTO jobs_job (id, work, queue, subject, site_id, requested_by_id, payload, shared,
    shared_key, dedupe_key, priority, lane, state, attempt, published, errors, crashes,
    max_crashes, unheard, silence_limit, time_limit, progress, error_code, error_detail,
    cancel_requested, created_at, available_at, finished_at)
  SELECT bench_id('job', n), 'inference.classify_smears', 'inference', id, site, %(user)s,
    '{{}}', '{{}}', '', 'bench:' || n, 0, 'normal', 'succeeded', 1, true, 0, 0, 3, 0, 60, 120,
    '{{}}', '', '', false, at, at, at + interval '1 second' FROM pictures;
INSERT INTO predictions_prediction (id, image_id, model_id, job_id, label, confidence, malignant,
    flags, ood_score, seconds, created_at) OVERRIDING SYSTEM VALUE
  SELECT n, id, %(model)s, bench_id('job', n), label, confidence,
    CASE WHEN label = 'benign' THEN 1 - confidence ELSE confidence END,
    CASE WHEN confidence < 0.6 THEN '["uncertain"]' ELSE '[]' END::jsonb, 0.4, 0.02, at
  FROM pictures;
INSERT INTO predictions_classscore (prediction_id, label, score)
  SELECT p.n, c, CASE WHEN c = p.label THEN p.confidence ELSE (1 - p.confidence) / 3 END
  FROM pictures p, unnest('{{benign,early_pre_b,pre_b,pro_b}}'::text[]) AS c WHERE p.open;
INSERT INTO reviews_review (id, case_id, state, revision, opened_at, decided_at, site_id, lane,
    reasons, rank, doubt, images, malignant, decided, at_bench, in_audit_sample, in_lane_since,
    waiting_since) OVERRIDING SYSTEM VALUE
  SELECT n, id, CASE WHEN open THEN 'open' WHEN n %% 100 = 1 THEN 'decided' ELSE 'signed' END, 1,
    at, CASE WHEN open THEN NULL ELSE at END, site, 'attention', '[]', 0, 0, images, 0,
    CASE WHEN open THEN 0 ELSE images END, false, false, CASE WHEN open THEN NULL ELSE at END, at
  FROM made;
INSERT INTO reviews_decision (review_id, image_id, reader_id, choice, label, reason, note,
    adjudicates, version, at)
  SELECT case_n, id, %(user)s, 'label', label, '', '', false, 1, at FROM pictures WHERE NOT open;
DROP TABLE made, pictures;
"""


FOREIGN_KEYS = """
SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


def people() -> list[User]:
    """Make three sites and fifty clinicians, of whom every fifth reads at all three."""
    sites = [Site.objects.create(slug=f"s{n}", name=f"Laboratory {n}") for n in range(SITES)]
    users = [
        User.objects.create(username=f"reader{n}", first_name="R", acknowledged_use=VERSION)
        for n in range(USERS)
    ]
    for number, user in enumerate(users):
        for site in sites if number % 5 == 0 else [sites[number % SITES]]:
            Membership.objects.create(user=user, site=site, role="clinician")
    ModelVersion.objects.create(
        name="bench", network="bench", image_kind="field", status="serving", digest="0" * 64,
        bundle_key="bundles/bench", facts={}, card="",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(IDS)
    return users


def fill(begin: int, end: int) -> None:
    """Add the cases from the `begin`-th image to the `end`-th, in lanes as the service puts them.

    The planner's statistics are fresh afterwards.
    """
    user = User.objects.earliest("username").pk
    model = ModelVersion.objects.get(name="bench").pk
    edges = [*range(begin, end, AT_ONCE), end]
    with unchecked(), ThreadPoolExecutor(CONNECTIONS) as several:
        done = several.map(lambda first, last: _add(first, last, user, model), edges, edges[1:])
        list(done)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    reviews_resort_due()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reviews_review")


def _add(begin: int, end: int, user: UUID, model: UUID) -> None:
    given = {"begin": int(begin / MEAN) + 1, "end": int(end / MEAN), "user": user, "model": model}
    with connection.cursor() as cursor:
        cursor.execute(CASES.format(sites=SITES), given)
    connection.close()


@contextmanager
def unchecked() -> Iterator[None]:
    """Take the foreign keys away while rows come that fit; half of the time goes into them."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        keys = cursor.fetchall()
        for table, name, _rule in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        for table, name, rule in keys:
            unproved = rule.removesuffix(" NOT VALID")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {unproved} NOT VALID")
