# SPDX-License-Identifier: Apache-2.0
"""Header and body checks, through us and through Debian's Postfix side by side: the same replies,
the same messages, the same log lines. And mail that takes the way around by a content filter."""
import re
import smtplib
import unittest

import peers
import ports
from harness import OURS, Instance
from smtp_sink import SmtpSink

RULES = r"""
/^X-Test: reject$/ REJECT
/^X-Test: reject-text/ REJECT go away
/^X-Test: reject-code/ REJECT 5.7.9 go away
/^X-Test: reject-later/ REJECT 4.7.9 later
/^X-Test: warn/ WARN have a look
/^X-Test: info/ INFO
/^X-Test: discard/ DISCARD nobody wants it
/^X-Test: hold/ HOLD
/^X-Test: ignore/ IGNORE
/^X-Test: strip/ STRIP taken out
/^X-Test: pre/ PREPEND X-Pre: fixed
/^X-Test: replace (.*)/ REPLACE X-Test: with $1
/^X-Test: bad-replace/ REPLACE not a field
/^X-Test: redirect/ REDIRECT other@y.test
/^X-Test: bcc/ BCC copy@y.test
/^X-Test: pass/ PASS
/^X-Test: folded\n\tline$/ WARN folded
/^X-Test: what/ NONSENSE
/^Content-Type:.*bad\.exe/ REJECT no programs
/^X-Part: in-part/ WARN of a part
/^Subject: inner/ WARN of a message within
"""
BODY_RULES = r"""
/^body-warn/ WARN seen
/^body-reject/ REJECT
/^body-gone/ IGNORE
/^body-other/ REPLACE another
"""


def letter(*fields, body=b"text\r\n"):
    head = [b"From: <a@x.test>", b"Message-ID: <f@x.test>",
            b"Date: Fri, 27 Nov 2026 08:00:00 +0000", *fields]
    return b"".join(line + b"\r\n" for line in head) + b"\r\n" + body


MIXED = b"Content-Type: multipart/mixed; boundary=\"b\""
CASES = {name: letter(b"X-Test: " + name.encode()) for name in (
    "reject", "reject-text", "reject-code", "reject-later", "warn", "info", "discard", "hold",
    "ignore", "strip", "pre", "replace this", "bad-replace", "redirect", "bcc", "what")}
CASES |= {
    "pass": letter(b"X-Test: pass", b"X-Test: reject"),
    "folded": letter(b"X-Test: folded\r\n\tline"),
    "long": letter(b"X-Test: warn " + b"x" * 300),
    "two answers": letter(b"X-Test: warn", b"X-Test: reject"),
    "attachment": letter(MIXED, body=b"--b\r\nContent-Type: x/y;\r\n name=bad.exe\r\n\r\nMZ\r\n"
                                     b"--b--\r\n"),
    "part": letter(MIXED, body=b"--b\r\nX-Part: in-part\r\n\r\nX-Part: in-text\r\n--b--\r\n"),
    "message within": letter(MIXED, body=b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
                                         b"Subject: inner\r\n\r\nSubject: text\r\n--b--\r\n"),
    "body": letter(body=b"body-warn\r\nbody-gone\r\nbody-other\r\n body-reject\r\nend\r\n"),
    "refused body": letter(body=b"one\r\nbody-reject me\r\ntwo\r\n"),
    "body after header lines": letter(body=b"X-Test: reject\r\n"),
    "attachment in text": letter(b"Content-Type: text/plain",
                                 body=b"--b\r\nContent-Type: x/y; name=bad.exe\r\n"),
}


class Checks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not OURS:
            raise unittest.SkipTest("compares ours with Postfix")
        cls.systems = []
        for programs in (None, peers.postfix_programs()):
            sink = cls.enterClassContext(SmtpSink(lmtp=True))
            mta = Instance(start=False, programs=programs, params={
                "default_transport": f"lmtp:inet:127.0.0.1:{sink.port}",
                "header_checks": "regexp:$config_directory/header_checks",
                "body_checks": "regexp:$config_directory/body_checks"})
            mta.write("header_checks", RULES.replace(r"\n\t", ".\t"))
            mta.write("body_checks", BODY_RULES)
            mta.start()
            cls.addClassCleanup(mta.stop)
            cls.systems.append((mta, sink))

    def outcome(self, mta, sink, data):
        """Reply, what arrived or lies on hold, and the lines that cleanup logged."""
        before, logged = len(sink.messages), len(mta.log())
        reply = "ok"
        try:
            mta.send("a@x.test", ["b@y.test"], data)
        except smtplib.SMTPDataError as refusal:
            reply = f"{refusal.smtp_code} {refusal.smtp_error.decode()}"
        with smtplib.SMTP("127.0.0.1", mta.smtp_port, timeout=20) as smtp:
            smtp.ehlo("marker.test")
        ports.wait_until(lambda: {"hold"} >= {entry["queue_name"] for entry in mta.queued()}, 20,
                         "nothing but held mail in the queue")
        log = mta.log()[logged:]
        lines = re.findall(r"cleanup\[\d+\]: (?:warning: )?\w+: (?!message-id=)(.*)", log)
        arrived = sorted((tuple(r[0] for r in m.recipients),
                          re.sub(rb"^Received: .*?\r\n(?![ \t])", b"", m.data, count=1, flags=re.S))
                         for m in sink.messages[before:])
        return {"reply": reply, "arrived": arrived,
                "log": [line.replace("localhost[", "unknown[") for line in lines]}

    def test_are_those_of_postfix(self):
        for name, data in CASES.items():
            with self.subTest(name):
                ours, theirs = (self.outcome(mta, sink, data) for mta, sink in self.systems)
                self.assertEqual(ours, theirs)

    def test_hold_keeps_the_message(self):
        for mta, _ in self.systems:
            mta.send("a@x.test", ["b@y.test"], letter(b"X-Test: hold"))
            self.assertIn("hold", {entry["queue_name"] for entry in mta.queued()})


class ContentFilter(unittest.TestCase):
    def test_gets_all_mail_and_gives_it_back(self):
        back = ports.free_port()
        with SmtpSink() as scanner, SmtpSink(lmtp=True) as store, Instance(
                params={"content_filter": f"smtp:[127.0.0.1]:{scanner.port}",
                        "header_checks": "regexp:{{/^Subject:/ PREPEND X-Seen: once}}",
                        "always_bcc": "archive@z.test",
                        "default_transport": f"lmtp:inet:127.0.0.1:{store.port}"},
                master=[f"127.0.0.1:{back} inet n - n - - smtpd -o content_filter= "
                        "-o receive_override_options=no_header_body_checks,no_address_mappings"
                        ]) as mta:
            mta.send("a@x.test", ["b@y.test"], b"Subject: hello\r\n\r\ntext\r\n")
            scanned = scanner.wait_messages(1)[0]
            self.assertEqual([address for address, _ in scanned.recipients],
                             ["b@y.test", "archive@z.test"])
            self.assertEqual(store.messages, [])
            mta.wait_empty()
            with smtplib.SMTP("127.0.0.1", back, timeout=20) as smtp:
                smtp.sendmail(scanned.sender, [r for r, _ in scanned.recipients], scanned.data)
            given = store.wait_messages(1)
            self.assertEqual(sorted(r for m in given for r, _ in m.recipients),
                             ["archive@z.test", "b@y.test"])
            for message in given:
                self.assertEqual(message.data.count(b"X-Seen: once"), 1)

    def test_of_a_rule_gets_just_that_message(self):
        with SmtpSink() as scanner, SmtpSink(lmtp=True) as store, Instance(
                params={"header_checks":
                        f"regexp:{{{{/odd/ FILTER smtp:[127.0.0.1]:{scanner.port}}}}}",
                        "default_transport": f"lmtp:inet:127.0.0.1:{store.port}"}) as mta:
            mta.send("a@x.test", ["b@y.test"], b"Subject: odd\r\n\r\ntext\r\n")
            mta.send("a@x.test", ["c@y.test"], b"Subject: even\r\n\r\ntext\r\n")
            self.assertEqual(scanner.wait_messages(1)[0].recipients[0][0], "b@y.test")
            self.assertEqual(store.wait_messages(1)[0].recipients[0][0], "c@y.test")


if __name__ == "__main__":
    ports.main()
