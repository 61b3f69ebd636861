# SPDX-License-Identifier: Apache-2.0
# Dialogue tests: every .smtp file is a test of its own, played by run_dialogue.
check_PROGRAMS += tests/dialogue/run_dialogue
tests_dialogue_run_dialogue_LDADD = lib/smtp/libsmtp.a lib/mail/libmail.a lib/base/libbase.a
tests_dialogue_run_dialogue_SOURCES = \
	tests/dialogue/engine_peer.cc tests/dialogue/engine_peer.h \
	tests/dialogue/fakes.h \
	tests/dialogue/peer.h \
	tests/dialogue/run_dialogue.cc \
	tests/dialogue/script.cc tests/dialogue/script.h \
	tests/dialogue/socket_peer.cc tests/dialogue/socket_peer.h
TEST_EXTENSIONS += .smtp
SMTP_LOG_COMPILER = $(abs_top_builddir)/tests/dialogue/run_dialogue
DIALOGUES = \
	tests/dialogue/smtp/access_actions.smtp \
	tests/dialogue/smtp/address_limits.smtp \
	tests/dialogue/smtp/allow_min_user.smtp \
	tests/dialogue/smtp/bare_cr_replaced.smtp \
	tests/dialogue/smtp/bare_lf_command.smtp \
	tests/dialogue/smtp/bare_lf_exempt.smtp \
	tests/dialogue/smtp/bare_lf_normalized.smtp \
	tests/dialogue/smtp/bare_lf_noted.smtp \
	tests/dialogue/smtp/bare_lf_rejected.smtp \
	tests/dialogue/smtp/bare_lf_rejected_550.smtp \
	tests/dialogue/smtp/bdat_before_mail.smtp \
	tests/dialogue/smtp/bdat_content_exact.smtp \
	tests/dialogue/smtp/bdat_lost.smtp \
	tests/dialogue/smtp/bdat_message.smtp \
	tests/dialogue/smtp/bdat_mixed.smtp \
	tests/dialogue/smtp/bdat_no_recipients.smtp \
	tests/dialogue/smtp/bdat_null.smtp \
	tests/dialogue/smtp/bdat_syntax.smtp \
	tests/dialogue/smtp/bdat_syntax_overflow.smtp \
	tests/dialogue/smtp/bdat_syntax_sign.smtp \
	tests/dialogue/smtp/bdat_then_data.smtp \
	tests/dialogue/smtp/bdat_too_big.smtp \
	tests/dialogue/smtp/control_characters.smtp \
	tests/dialogue/smtp/data_argument.smtp \
	tests/dialogue/smtp/data_dots.smtp \
	tests/dialogue/smtp/data_lost.smtp \
	tests/dialogue/smtp/data_too_big.smtp \
	tests/dialogue/smtp/delay_reject.smtp \
	tests/dialogue/smtp/dsn_values.smtp \
	tests/dialogue/smtp/early_talker.smtp \
	tests/dialogue/smtp/ehlo_discard.smtp \
	tests/dialogue/smtp/ehlo_keywords.smtp \
	tests/dialogue/smtp/ehlo_silent_discard.smtp \
	tests/dialogue/smtp/endless_line.smtp \
	tests/dialogue/smtp/errors_forgiven.smtp \
	tests/dialogue/smtp/etrn.smtp \
	tests/dialogue/smtp/hard_error_limit.smtp \
	tests/dialogue/smtp/helo_forms.smtp \
	tests/dialogue/smtp/helo_required.smtp \
	tests/dialogue/smtp/http_request.smtp \
	tests/dialogue/smtp/junk_flood.smtp \
	tests/dialogue/smtp/log_injection.smtp \
	tests/dialogue/smtp/long_line.smtp \
	tests/dialogue/smtp/lost_after_connect.smtp \
	tests/dialogue/smtp/lost_after_message.smtp \
	tests/dialogue/smtp/mail_strict.smtp \
	tests/dialogue/smtp/mail_syntax.smtp \
	tests/dialogue/smtp/mail_without_helo.smtp \
	tests/dialogue/smtp/noop_commands.smtp \
	tests/dialogue/smtp/notify_values.smtp \
	tests/dialogue/smtp/odd_options.smtp \
	tests/dialogue/smtp/one_message.smtp \
	tests/dialogue/smtp/order_of_commands.smtp \
	tests/dialogue/smtp/pipelined_after_ehlo.smtp \
	tests/dialogue/smtp/pipelined_body.smtp \
	tests/dialogue/smtp/pipelined_next_message.smtp \
	tests/dialogue/smtp/pipelining_tolerated.smtp \
	tests/dialogue/smtp/policy_replies.smtp \
	tests/dialogue/smtp/rcpt_syntax.smtp \
	tests/dialogue/smtp/recipient_limit.smtp \
	tests/dialogue/smtp/refused_at_end.smtp \
	tests/dialogue/smtp/refused_recipients_pipelined_data.smtp \
	tests/dialogue/smtp/reject_at_connect.smtp \
	tests/dialogue/smtp/reject_at_data.smtp \
	tests/dialogue/smtp/reject_at_mail.smtp \
	tests/dialogue/smtp/shell_addresses.smtp \
	tests/dialogue/smtp/sink_fails_in_content.smtp \
	tests/dialogue/smtp/sink_fails_to_open.smtp \
	tests/dialogue/smtp/sink_refuses.smtp \
	tests/dialogue/smtp/size_values.smtp \
	tests/dialogue/smtp/soft_bounce.smtp \
	tests/dialogue/smtp/soft_error_limit.smtp \
	tests/dialogue/smtp/source_route.smtp \
	tests/dialogue/smtp/timeout.smtp \
	tests/dialogue/smtp/unsupported_verbs.smtp \
	tests/dialogue/smtp/utf8_malformed.smtp \
	tests/dialogue/smtp/utf8_off.smtp \
	tests/dialogue/smtp/utf8_without_option.smtp \
	tests/dialogue/smtp/vrfy.smtp \
	tests/dialogue/smtp/vrfy_disabled.smtp \
	tests/dialogue/smtp/warn_if_reject.smtp \
	tests/dialogue/smtp/xtext_injection.smtp \
	tests/dialogue/smtp/xverp.smtp \
	tests/dialogue/smtp/xverp_discarded.smtp \
	tests/dialogue/smtp/xverp_unauthorized.smtp
TESTS += $(DIALOGUES)
EXTRA_DIST += $(DIALOGUES)
