"""The rows of the bad-input table that are requests, not files: which test tries each.

Rows 1 to 54 are files (`tests/corpus.py`) and go through every door in `tests/hemaqueue/doors`.
"""

from __future__ import annotations

UPLOADING = "hemaqueue/api/test_uploading.py"
REQUESTS = "hemaqueue/doors/test_requests.py"
WIRE = "flow/test_doors.py"
ZIPS = "hemaqueue/specimens/test_zips.py"

ROWS: dict[int, tuple[tuple[str, str], ...]] = {
    55: ((UPLOADING, "test_a_wrong_checksum_is_refused"),),
    56: ((UPLOADING, "test_a_body_that_is_too_large_is_refused_unread"),),
    57: (
        (UPLOADING, "test_a_body_without_a_length_is_refused"),
        (WIRE, "test_a_body_in_chunks_without_a_length_is_refused"),
        (WIRE, "test_a_body_shorter_than_its_length_leaves_nothing"),
    ),
    58: ((UPLOADING, "test_too_many_parts_are_refused"),),
    59: ((UPLOADING, "test_no_file_and_two_files_have_codes_of_their_own"),),
    60: ((UPLOADING, "test_hostile_names_are_harmless"),),
    61: ((UPLOADING, "test_the_same_picture_is_linked_and_not_doubled"),),
    62: ((UPLOADING, "test_the_same_key_with_another_body_is_a_conflict"),),
    # nginx gives a slow body up after 30 s; gunicorn's threads alone would wait.
    63: (("house/test_front_server.py", "test_nginx_keeps_its_limits"),),
    64: ((WIRE, "test_a_body_shorter_than_its_length_leaves_nothing"),),
    65: (
        (ZIPS, "test_a_path_that_leads_out_refuses_the_whole_archive"),
        (ZIPS, "test_a_link_refuses_the_whole_archive"),
    ),
    66: (
        (ZIPS, "test_half_a_gigabyte_of_nothing_is_not_unpacked"),
        (ZIPS, "test_a_size_that_no_archive_could_hold_is_too_large"),
        (ZIPS, "test_an_archive_in_an_archive_is_not_opened"),
        (ZIPS, "test_a_password_is_not_guessed"),
        (ZIPS, "test_a_directory_of_a_hundred_thousand_files_is_not_even_read"),
    ),
    67: (("hemaqueue/pipeline/test_archives.py", "test_a_bad_file_is_named_and_the_good_ones"),),
    68: ((REQUESTS, "test_a_flood_of_blanks_in_base64_is_over_soon"),),
    69: (
        (REQUESTS, "test_json_that_means_nothing_is_refused"),
        ("hemaqueue/api/test_strictness.py", "test_what_is_no_number_is_refused"),
        ("hemaqueue/api/test_strictness.py", "test_a_key_that_stands_twice_is_refused"),
    ),
    70: ((REQUESTS, "test_days_that_never_were_are_refused"),),
    71: (
        (REQUESTS, "test_texts_that_would_run_are_kept_as_text_or_refused"),
        ("hemaqueue/exports/test_tables.py", "test_a_formula_is_text"),
        ("hemaqueue/reports/test_signed.py", "test_hostile_names_are_inert_in_a_signed_report"),
    ),
    72: ((REQUESTS, "test_questions_that_would_run_find_nothing"),),
    73: (("hemaqueue/api/test_images.py", "test_page_sizes_are_clamped_or_refused"),),
    74: (
        ("hemaqueue/access/test_access.py", "test_foreign_and_missing_cannot_be_told_apart"),
        ("hemaqueue/access/test_access.py", "test_an_address_that_is_no_id_is_not_found"),
    ),
    75: ((REQUESTS, "test_what_is_not_for_the_sender_is_never_applied"),),
    76: ((REQUESTS, "test_wrong_methods_types_and_paths_are_problems"),),
    77: (("inference_worker/test_bundle.py", "test_one_wrong_byte_is_found"),),
    78: (
        ("hemaqueue/api/test_full_disk.py", "test_a_full_disk_is_507"),
        (REQUESTS, "test_a_full_disk_is_told_unread"),
    ),
    79: ((REQUESTS, "test_an_upload_needs_no_redis"),),
    80: (("hemaqueue/access/test_headers.py", "test_faults_say_nothing_of_the_inside"),),
    81: (("hemaqueue/api/test_images.py", "test_a_damaged_file_gives_no_pixels"),),
    82: (
        ("hemaqueue/api/test_tokens.py", "test_an_expired_token_opens_nothing"),
        ("hemaqueue/api/test_tokens.py", "test_a_revoked_token_ends_with_the_next_request"),
        ("hemaqueue/access/test_headers.py", "test_a_session_needs_its_csrf_token"),
    ),
}
