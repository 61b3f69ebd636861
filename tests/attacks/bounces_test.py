# SPDX-License-Identifier: Apache-2.0
"""Loops, bounces and backscatter (BSC), and broken UTF-8 on its way into a notice (HDR-08). Each
notice goes through the strict reader of RFC 3464."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import dsn  # noqa: E402
import harness  # noqa: E402
import ports  # noqa: E402
from notice_rig import TEXT, NoticeCase  # noqa: E402
from smtp_sink import Close  # noqa: E402

HOSTILE_REPLY = ("550-5.1.1 no\n550-\r\n550---BOUNDARY--\n550 5.1.1 \udcff\udcfe\x01 Evil: yes "
                 "\u202e\u2028end")


def mine(message):
    return message.sender == "s@sender.test"


def is_transcript(message):
    return message.recipients[0][0] == "copy@pm.test" and \
        b"\r\n\r\nTranscript of session follows.\r\n" in message.data


class Backscatter(NoticeCase):
    params = {"notify_classes": "bounce, 2bounce, delay", "smtpd_recipient_limit": "1000",
              "message_size_limit": "60000000", "bounce_size_limit": "50000000",
              "mailbox_size_limit": "0", "virtual_mailbox_limit": "0",
              "relay_recipient_maps": "inline:{{known@known.test=x}}",
              "relay_domains": "fail.test sender.test pm.test nodsn.test known.test",
              "smtpd_recipient_restrictions":
              "check_recipient_access inline:{{held@fail.test=HOLD}} "
              "check_recipient_access inline:{{gone@fail.test=DISCARD}} "
              "reject_unlisted_recipient permit_mynetworks reject",
              "smtpd_reject_unlisted_recipient": "yes"}

    @classmethod
    def setUpClass(cls):
        # Recipients of the other domains are known by their domain.
        maps = "{@fail.test=x}, {@sender.test=x}, {@pm.test=x}, {@nodsn.test=x}"
        cls.params = {**cls.params,
                      "relay_recipient_maps": f"inline:{{{{known@known.test=x}}, {maps}}}"}
        super().setUpClass()

    def quiet(self):
        """Everything has been delivered, and what arrived, without transcripts of sessions: the
        postmaster wants those (notify_classes), and nobody else gets them."""
        self.rig.mta.wait_empty()
        return [m for m in self.rig.sink.messages if not mine(m) and not is_transcript(m)]

    def test_bsc_01_unknown_recipients_are_refused_and_cause_no_notice(self):
        with self.assertRaises(AssertionError) as refused:
            self.rig.send("s@sender.test", [("nobody@known.test", [])])
        self.assertIn("User unknown in relay recipient table", str(refused.exception))
        self.assertEqual(self.quiet(), [])

    def test_bsc_02_no_chain_of_notices(self):
        for sender, options in (("", ["NOTIFY=FAILURE"]), ("", ["NOTIFY=SUCCESS,FAILURE"])):
            self.rig.sink.messages.clear()
            self.rig.send(sender, [("bad@fail.test", options), ("good@nodsn.test", options)])
            letters = self.quiet()
            self.assertEqual([m.recipients[0][0] for m in letters], ["two@pm.test"])
            dsn.read(letters[0].data)
        self.rig.sink.messages.clear()
        self.rig.sink.script["rcpt"]["two@pm.test"] = "550 5.1.1 no postmaster"
        self.rig.send("", [("bad@fail.test", [])])
        self.assertEqual(self.quiet(), [])
        self.rig.mta.wait_log(r"warning: \w+: undeliverable postmaster notification discarded")
        del self.rig.sink.script["rcpt"]["two@pm.test"]

    def test_bsc_03_a_thousand_failures_are_one_notice(self):
        self.rig.sink.script["rcpt"]["*"] = (
            lambda address: "250 2.1.5 ok" if not address.endswith("@fail.test")
            else "550 5.1.1 " + "no such user " * 30)
        recipients = [(f"u{i}@fail.test", []) for i in range(1000)]
        began = time.monotonic()
        self.rig.send("s@sender.test", recipients)
        notices = [m for m in self.quiet() if m.recipients[0][0] == "s@sender.test"]
        self.assertEqual(len(notices), 1)
        self.assertEqual(len(dsn.read(notices[0].data).recipients), 1000)
        self.assertLess(time.monotonic() - began, 30)
        self.rig.sink.script["rcpt"]["*"] = "250 2.1.5 ok"

    def test_bsc_03_a_huge_message_is_not_returned_whole(self):
        self.rig.send("s@sender.test", [("bad@fail.test", [])],
                      data=TEXT + (b"z" * 76 + b"\r\n") * (50_500_000 // 78))
        notice = [m for m in self.quiet() if m.recipients[0][0] == "s@sender.test"][0]
        self.assertLess(len(notice.data), 5000)
        self.assertEqual(dsn.read(notice.data).returned.type, "text/rfc822-headers")

    def test_bsc_03_nothing_breaks_out_of_its_part(self):
        """Replies, headers and bodies with what looks like boundaries, headers and MIME."""
        self.rig.sink.script["rcpt"]["evil@fail.test"] = HOSTILE_REPLY
        hostile = (b"From: s@sender.test\r\nSubject: x\r\n --y\r\n"
                   b"Content-Type: multipart/mixed;\r\n"
                   b" boundary=\"/mail.posthouse.test\"\r\nX-Long: " + b"a" * 900 + b"\r\n"
                   b"X-Utf8: \xe2\x82\r\n\r\n--/mail.posthouse.test\r\n\r\n"
                   b"Final-Recipient: rfc822; victim@x.test\r\nAction: failed\r\n"
                   b"--/mail.posthouse.test--\r\n\xff\xfe")
        self.rig.send("s@sender.test", [("evil@fail.test", [])], data=hostile)
        notice = [m for m in self.quiet() if m.recipients[0][0] == "s@sender.test"][0]
        read = self.read(notice)
        self.assertEqual([r["final-recipient"] for r in read.recipients],
                         ["rfc822; evil@fail.test"])
        self.assertNotIn("evil", read.header)
        self.assertNotIn("evil", read.recipients[0])
        self.assertIn(b"victim@x.test", read.returned.body)

    def test_bsc_04_wishes_travel_and_hold(self):
        self.rig.send("s@sender.test", [("good@fail.test", ["NOTIFY=DELAY,FAILURE",
                                                            "ORCPT=rfc822;a+2Bb@x.test"]),
                                        ("bad@fail.test", ["NOTIFY=NEVER"])],
                      ["RET=HDRS", "ENVID=e+3De"])
        letters = self.quiet()
        sent = [m for m in self.rig.sink.messages if mine(m)][0]
        for wish in ("RET=HDRS", "ENVID=e+3De"):
            self.assertIn(wish, sent.sender_options)
        for wish in ("NOTIFY=", "FAILURE", "DELAY", "ORCPT=rfc822;a+2Bb@x.test"):
            self.assertIn(wish, sent.recipients[0][1])
        self.assertEqual({m.recipients[0][0] for m in letters}, {"copy@pm.test"})

    def test_bsc_05_what_is_held_or_discarded_is_in_the_log(self):
        held = self.rig.send("s@sender.test", [("held@fail.test", [])])
        self.rig.send("s@sender.test", [("gone@fail.test", [])])
        self.rig.mta.wait_log(r": hold: RCPT from .*to=<held@fail.test>")
        self.rig.mta.wait_log(r": discard: RCPT from .*to=<gone@fail.test>")
        self.assertEqual([(m["queue_id"], m["queue_name"]) for m in self.rig.mta.queued()],
                         [(held, "hold")])
        self.rig.mta.command("postsuper", "-d", held)
        self.rig.mta.wait_log(rf"{held}: removed")
        self.assertEqual(self.quiet(), [])

    def test_bsc_06_a_lost_answer_costs_a_second_copy_at_most(self):
        self.rig.sink.script["body"] = {"*": [Close(""), "250 2.0.0 stored"]}
        queue_id = self.rig.send("s@sender.test", [("good@fail.test", [])])
        self.rig.mta.wait_log(rf"{queue_id}: to=.*status=sent", timeout=20)
        del self.rig.sink.script["body"]
        self.assertEqual(self.quiet(), [])
        self.assertEqual(len(self.rig.mta.wait_log(rf"{queue_id}: to=.*status=deferred")), 1)

    @unittest.skipUnless(harness.OURS, "how Postfix shows such bytes is its own affair")
    def test_hdr_08_half_a_character_ends_every_field(self):
        for i, half in enumerate((b"\xe2\x82", b"\xf0\x9f\x98", b"\xc3")):
            text = half.decode("utf-8", "surrogateescape")
            self.rig.sink.messages.clear()
            self.rig.sink.script["rcpt"][f"half{i}@fail.test"] = "550 5.1.1 no " + text
            self.rig.send("s@sender.test", [(f"half{i}@fail.test", [])],
                          data=b"Subject: x" + half + b"\r\nX-A: " + half + b"\r\n\r\nb" + half)
            read = self.read([m for m in self.quiet()
                              if m.recipients[0][0] == "s@sender.test"][0])
            self.assertRegex(read.recipients[0]["diagnostic-code"], r"smtp; 550 5.1.1 no \?+$")


if __name__ == "__main__":
    ports.main()
