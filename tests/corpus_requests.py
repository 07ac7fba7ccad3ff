"""The rows of the bad-input table that are requests, not files: which test tries each, and where.

Rows 1 to 54 are files (`tests/corpus.py`) and go through every door in `tests/hemaqueue/doors`. A
door that is not named cannot be sent such a thing. `inside`: what no door is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

Test = tuple[str, str]

ACCESS = "hemaqueue/access/test_access.py"
API_ZIPS = "hemaqueue/api/test_archives.py"
ARCHIVES = "hemaqueue/doors/test_archives.py"
BUNDLE = "inference_worker/test_bundle.py"
DISK = "hemaqueue/api/test_full_disk.py"
FORM = "hemaqueue/doors/test_form.py"
HEADERS = "hemaqueue/access/test_headers.py"
IMAGES = "hemaqueue/api/test_images.py"
NGINX = "house/test_front_server.py"
PAPERS = "hemaqueue/reports/test_signed.py"
REQUESTS = "hemaqueue/doors/test_requests.py"
STRICT = "hemaqueue/api/test_strictness.py"
SUBMIT = "flow/test_submitting.py"
SUBMITTED = "house/test_submitting.py"
TABLES = "hemaqueue/exports/test_tables.py"
TOKENS = "hemaqueue/api/test_tokens.py"
UNPACKING = "hemaqueue/pipeline/test_archives.py"
UPLOADING = "hemaqueue/api/test_uploading.py"
WEB = "hemaqueue/web/test_uploads.py"
WIRE = "flow/test_doors.py"
WORKLIST = "hemaqueue/web/test_worklist.py"


@dataclass(frozen=True)
class Row:
    """One row: what comes, what must be answered, and the tests by the door that they knock at."""

    title: str
    answer: str
    tests: dict[str, tuple[Test, ...]]


def row(title: str, answer: str, **tests: Test | list[Test]) -> Row:
    several = {
        door: (one,) if isinstance(one, tuple) else tuple(one) for door, one in tests.items()
    }
    return Row(title, answer, several)


ROWS: dict[int, Row] = {
    55: row(
        "wrong checksum",
        "422 `checksum_mismatch`",
        API=(UPLOADING, "test_a_wrong_checksum_is_refused"),
        form=(WEB, "test_a_checksum_that_does_not_hold_is_refused"),
        ZIP=(ARCHIVES, "test_a_wrong_checksum_is_the_files_own_fault"),
    ),
    56: row(
        "more than 64 MiB",
        "413 `file_too_large`",
        API=(UPLOADING, "test_a_body_that_is_too_large_is_refused_unread"),
        form=(FORM, "test_a_body_that_is_too_large_is_told_as_that"),
        ZIP=(ARCHIVES, "test_a_file_that_is_too_large_is_named"),
    ),
    57: row(
        "a length that lies, or none",
        "400, 408 or 411",
        API=[
            (UPLOADING, "test_a_body_without_a_length_is_refused"),
            (WIRE, "test_a_body_in_chunks_without_a_length_is_refused"),
            (WIRE, "test_a_length_that_is_none_is_refused"),
            (WIRE, "test_a_body_shorter_than_its_length_leaves_nothing"),
        ],
    ),
    58: row(
        "1,001 parts or fields",
        "400 `too_many_parts`",
        API=(UPLOADING, "test_too_many_parts_are_refused"),
        form=(FORM, "test_too_many_parts_are_refused"),
    ),
    59: row(
        "no file, two, another field",
        "400 `file_missing`, `one_file_expected`",
        API=(UPLOADING, "test_no_file_and_two_files_have_codes_of_their_own"),
        form=(FORM, "test_no_file_two_files_and_another_field_are_none"),
        ZIP=(API_ZIPS, "test_no_file_is_said_so"),
    ),
    60: row(
        "hostile file names",
        "202, shown as text",
        API=(UPLOADING, "test_hostile_names_are_harmless"),
        form=(FORM, "test_hostile_names_are_shown_as_text"),
        ZIP=(ARCHIVES, "test_hostile_names_are_harmless"),
        CLI=(SUBMITTED, "test_whatever_a_file_is_called_it_is_sent"),
    ),
    61: row(
        "the same picture twice",
        "200 `duplicate_of`",
        API=(UPLOADING, "test_the_same_picture_is_linked_and_not_doubled"),
        form=(WEB, "test_the_same_picture_twice_leads_to_the_first"),
        ZIP=(UNPACKING, "test_the_same_picture_twice_is_one_image_and_one_duplicate"),
    ),
    62: row(
        "one key, another body",
        "409 `idempotency_conflict`",
        API=(UPLOADING, "test_the_same_key_with_another_body_is_a_conflict"),
        CLI=(SUBMIT, "test_who_is_killed_and_goes_on_sends_each_file_once"),
    ),
    # nginx gives a slow body up after 30 s; gunicorn's threads alone would wait.
    63: row(
        "a body that drips",
        "408 by nginx",
        inside=(NGINX, "test_nginx_keeps_its_limits"),
    ),
    64: row(
        "a sender that leaves half-way",
        "nothing is kept",
        API=(WIRE, "test_a_body_shorter_than_its_length_leaves_nothing"),
        CLI=(SUBMIT, "test_who_is_killed_and_goes_on_sends_each_file_once"),
    ),
    65: row(
        "paths that lead out, links",
        "422 `unsafe_archive`",
        API=(ARCHIVES, "test_hostile_archives_leave_nothing_at_the_interface"),
        form=(ARCHIVES, "test_hostile_archives_leave_nothing_at_the_form"),
    ),
    66: row(
        "bombs, lies, archives, passwords",
        "422 `archive_too_large`, `unsupported_archive`",
        API=(ARCHIVES, "test_hostile_archives_leave_nothing_at_the_interface"),
        form=(ARCHIVES, "test_hostile_archives_leave_nothing_at_the_form"),
    ),
    67: row(
        "three good ones and a bad one",
        "the bad one is named",
        ZIP=(ARCHIVES, "test_three_good_ones_and_a_bad_one"),
        CLI=(SUBMIT, "test_what_is_refused_is_named_in_a_table"),
    ),
    68: row(
        "a flood of blanks in base64",
        "4xx, soon",
        API=(REQUESTS, "test_a_flood_of_blanks_in_base64_is_over_soon"),
        form=(FORM, "test_a_flood_of_blanks_in_base64_is_over_soon"),
    ),
    69: row(
        "JSON that means nothing",
        "400; 413 above 1 MiB",
        API=[
            (REQUESTS, "test_json_that_means_nothing_is_refused"),
            (STRICT, "test_what_is_no_number_is_refused"),
            (STRICT, "test_a_key_that_stands_twice_is_refused"),
        ],
    ),
    70: row("days that never were", "400", API=(REQUESTS, "test_days_that_never_were_are_refused")),
    71: row(
        "texts that would run",
        "kept as text, or 400",
        API=(REQUESTS, "test_texts_that_would_run_are_kept_as_text_or_refused"),
        form=(FORM, "test_texts_that_would_run_are_shown_as_text_or_refused"),
        inside=[
            (TABLES, "test_a_formula_is_text"),
            (PAPERS, "test_hostile_names_are_inert_in_a_signed_report"),
        ],
    ),
    72: row(
        "questions that would run",
        "200 and nothing, or 400",
        API=(REQUESTS, "test_questions_that_would_run_find_nothing"),
        form=(WORKLIST, "test_a_hostile_filter_shows_nothing_and_says_so"),
    ),
    73: row(
        "page sizes that are none",
        "clamped, or 400",
        API=(IMAGES, "test_page_sizes_are_clamped_or_refused"),
    ),
    74: row(
        "ids of others, of nobody, and none",
        "404, one body",
        API=[
            (ACCESS, "test_foreign_and_missing_cannot_be_told_apart"),
            (ACCESS, "test_an_address_that_is_no_id_is_not_found"),
        ],
        form=[
            (ACCESS, "test_foreign_and_missing_cannot_be_told_apart"),
            (ACCESS, "test_an_address_that_is_no_id_is_not_found"),
        ],
    ),
    75: row(
        "fields that are not the sender's",
        "never applied",
        API=(REQUESTS, "test_what_is_not_for_the_sender_is_never_applied"),
        form=(FORM, "test_what_is_not_for_the_sender_is_never_applied"),
    ),
    76: row(
        "wrong method, type, path",
        "405, 415, 404",
        API=(REQUESTS, "test_wrong_methods_types_and_paths_are_problems"),
        form=(FORM, "test_wrong_methods_types_and_paths_are_pages"),
    ),
    77: row(
        "a model that was tampered with",
        "refused, `model_integrity`",
        inside=[
            (BUNDLE, "test_one_wrong_byte_is_found"),
            (BUNDLE, "test_weights_of_another_network_are_refused"),
            (BUNDLE, "test_a_bundle_without_its_signature_is_refused"),
        ],
    ),
    78: row(
        "no room on the disk",
        "507 `storage_full`",
        API=[(DISK, "test_a_full_disk_is_507"), (REQUESTS, "test_a_full_disk_is_told_unread")],
        form=(FORM, "test_a_full_disk_is_told_and_keeps_nothing"),
        ZIP=(REQUESTS, "test_a_full_disk_is_told_unread"),
    ),
    79: row(
        "Redis away",
        "202",
        API=(REQUESTS, "test_an_upload_needs_no_redis"),
        form=(FORM, "test_an_upload_needs_no_redis"),
    ),
    80: row(
        "PostgreSQL away",
        "503 and `Retry-After`",
        API=(HEADERS, "test_faults_say_nothing_of_the_inside"),
        form=(HEADERS, "test_faults_say_nothing_of_the_inside"),
    ),
    81: row(
        "a byte flipped on the disk",
        "500 `blob_corrupt`, no pixels",
        API=(IMAGES, "test_a_damaged_file_gives_no_pixels"),
    ),
    82: row(
        "tokens and sessions that are none",
        "401, 403",
        API=[
            (TOKENS, "test_an_expired_token_opens_nothing"),
            (TOKENS, "test_a_revoked_token_ends_with_the_next_request"),
            (HEADERS, "test_a_session_needs_its_csrf_token"),
        ],
        form=(FORM, "test_a_form_without_its_token_is_refused"),
        CLI=(SUBMIT, "test_a_wrong_token_and_a_silent_server_have_statuses_of_their_own"),
    ),
}
