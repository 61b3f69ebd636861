# SPDX-License-Identifier: Apache-2.0
# Fuzz targets: fuzz/<name>_fuzz.cc with LLVMFuzzerTestOneInput, inputs in fuzz/corpus/<name>/.
# `make check` replays the corpus with a small main; `make fuzz` links libFuzzer in its place.
# A new target is its file, its corpus and a block of three lines at the end, like the first.
FUZZ_TARGETS =
if FUZZING
FUZZ_MAIN =
else
FUZZ_MAIN = fuzz/replay_main.cc
TESTS += $(FUZZ_TARGETS)
endif
FUZZ_LIBS = @FUZZ_ENGINE@ $(POSTHOUSE_LIBS)
check_PROGRAMS += $(FUZZ_TARGETS)
EXTRA_DIST += fuzz/corpus

FUZZ_TARGETS += fuzz/printable_fuzz
fuzz_printable_fuzz_SOURCES = fuzz/printable_fuzz.cc $(FUZZ_MAIN)
fuzz_printable_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/queue_file_fuzz
fuzz_queue_file_fuzz_SOURCES = fuzz/queue_file_fuzz.cc $(FUZZ_MAIN)
fuzz_queue_file_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/header_fuzz
fuzz_header_fuzz_SOURCES = fuzz/header_fuzz.cc $(FUZZ_MAIN)
fuzz_header_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/smtp_reply_fuzz
fuzz_smtp_reply_fuzz_SOURCES = fuzz/smtp_reply_fuzz.cc $(FUZZ_MAIN)
fuzz_smtp_reply_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/smtp_client_fuzz
fuzz_smtp_client_fuzz_SOURCES = fuzz/smtp_client_fuzz.cc $(FUZZ_MAIN)
fuzz_smtp_client_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/mime_downgrade_fuzz
fuzz_mime_downgrade_fuzz_SOURCES = fuzz/mime_downgrade_fuzz.cc $(FUZZ_MAIN)
fuzz_mime_downgrade_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/mime_walk_fuzz
fuzz_mime_walk_fuzz_SOURCES = fuzz/mime_walk_fuzz.cc $(FUZZ_MAIN)
fuzz_mime_walk_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/main_cf_fuzz
fuzz_main_cf_fuzz_SOURCES = fuzz/main_cf_fuzz.cc $(FUZZ_MAIN)
fuzz_main_cf_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/master_cf_fuzz
fuzz_master_cf_fuzz_SOURCES = fuzz/master_cf_fuzz.cc $(FUZZ_MAIN)
fuzz_master_cf_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/queue_listing_fuzz
fuzz_queue_listing_fuzz_SOURCES = fuzz/queue_listing_fuzz.cc $(FUZZ_MAIN)
fuzz_queue_listing_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/table_source_fuzz
fuzz_table_source_fuzz_SOURCES = fuzz/table_source_fuzz.cc $(FUZZ_MAIN)
fuzz_table_source_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/match_list_fuzz
fuzz_match_list_fuzz_SOURCES = fuzz/match_list_fuzz.cc $(FUZZ_MAIN)
fuzz_match_list_fuzz_LDADD = $(FUZZ_LIBS)
FUZZ_TARGETS += fuzz/smtp_server_fuzz
fuzz_smtp_server_fuzz_SOURCES = fuzz/smtp_server_fuzz.cc $(FUZZ_MAIN)
fuzz_smtp_server_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/address_fuzz
fuzz_address_fuzz_SOURCES = fuzz/address_fuzz.cc $(FUZZ_MAIN)
fuzz_address_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/ipc_decode_fuzz
fuzz_ipc_decode_fuzz_SOURCES = fuzz/ipc_decode_fuzz.cc $(FUZZ_MAIN)
fuzz_ipc_decode_fuzz_LDADD = $(FUZZ_LIBS)
FUZZ_TARGETS += fuzz/address_list_fuzz
fuzz_address_list_fuzz_SOURCES = fuzz/address_list_fuzz.cc $(FUZZ_MAIN)
fuzz_address_list_fuzz_LDADD = $(FUZZ_LIBS)
FUZZ_TARGETS += fuzz/dns_answer_fuzz
fuzz_dns_answer_fuzz_SOURCES = fuzz/dns_answer_fuzz.cc $(FUZZ_MAIN)
fuzz_dns_answer_fuzz_LDADD = services/resolver/libresolver.a $(FUZZ_LIBS) $(UNBOUND_LIBS)

FUZZ_TARGETS += fuzz/failure_class_fuzz
fuzz_failure_class_fuzz_SOURCES = fuzz/failure_class_fuzz.cc $(FUZZ_MAIN)
fuzz_failure_class_fuzz_LDADD = $(FUZZ_LIBS)
FUZZ_TARGETS += fuzz/spool_message_fuzz
fuzz_spool_message_fuzz_SOURCES = fuzz/spool_message_fuzz.cc $(FUZZ_MAIN)
fuzz_spool_message_fuzz_LDADD = tools/postfix/libpostfixcmd.a $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/spool_log_fuzz
fuzz_spool_log_fuzz_SOURCES = fuzz/spool_log_fuzz.cc $(FUZZ_MAIN)
fuzz_spool_log_fuzz_LDADD = tools/postfix/libpostfixcmd.a $(FUZZ_LIBS)
FUZZ_TARGETS += fuzz/alias_targets_fuzz
fuzz_alias_targets_fuzz_SOURCES = fuzz/alias_targets_fuzz.cc $(FUZZ_MAIN)
fuzz_alias_targets_fuzz_LDADD = local/liblocal.a $(FUZZ_LIBS)
FUZZ_TARGETS += fuzz/submission_fuzz
fuzz_submission_fuzz_SOURCES = fuzz/submission_fuzz.cc $(FUZZ_MAIN)
fuzz_submission_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/berkeley_fuzz
fuzz_berkeley_fuzz_SOURCES = fuzz/berkeley_fuzz.cc $(FUZZ_MAIN)
fuzz_berkeley_fuzz_LDADD = $(FUZZ_LIBS)

FUZZ_TARGETS += fuzz/database_table_fuzz
fuzz_database_table_fuzz_SOURCES = fuzz/database_table_fuzz.cc lib/table/modules/ldap_text.cc $(FUZZ_MAIN)
fuzz_database_table_fuzz_LDADD = $(FUZZ_LIBS)
