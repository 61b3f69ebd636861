# SPDX-License-Identifier: Apache-2.0
"""Notices as senders and the postmaster get them, over real SMTP: each is read by a strict reader
(dsn.py) and by Python's own parser, and compared with what Debian's Postfix wrote for the same
input (tests/golden/notices). POSTHOUSE_MTA=postfix GOLDEN_UPDATE=1 has Postfix write those files.
"""
import json
import os
import smtplib
import subprocess
import tempfile
import unittest

import harness
import ports
from notice_rig import TEXT, GoldenCase, NoticeCase
from smtp_sink import SmtpSink


PLAIN = {"notify_classes": "bounce, 2bounce"}


class Senders(GoldenCase):
    params = PLAIN

    def test_failure_and_its_copy(self):
        queue_id = self.rig.send("s@sender.test", [("bad@fail.test", []), ("alias@fail.test", [])])
        notice = self.rig.letters("s@sender.test")[0]
        self.assertEqual(notice.sender, "")
        read = self.read(notice)
        self.assertEqual(read.message["x-postfix-queue-id"], queue_id)
        self.assertEqual([r["status"] for r in read.recipients], ["5.1.1", "5.1.1"])
        self.golden("failure", notice)
        copy = self.rig.letters("copy@pm.test")[0]
        self.assertEqual(copy.sender, "double-bounce@mail.posthouse.test")
        self.read(copy)
        self.golden("failure_copy", copy)
        for who in ("sender", "postmaster"):
            self.rig.mta.wait_log(
                rf"bounce\[\d+\]: {queue_id}: {who} non-delivery notification: \w+")
        self.rig.mta.wait_log(rf"{queue_id}: removed")

    def test_success_relayed_and_expanded(self):
        queue_id = self.rig.send(
            "s@sender.test",
            [("list@fail.test", ["NOTIFY=SUCCESS", "ORCPT=rfc822;Orig+2Baddr@x.test"]),
             ("good@fail.test", ["NOTIFY=SUCCESS"]), ("far@nodsn.test", ["NOTIFY=SUCCESS"]),
             ("quiet@nodsn.test", ["NOTIFY=NEVER"])], ["RET=HDRS", "ENVID=abc+2Bdef"])
        self.rig.mta.wait_log(rf"{queue_id}: removed")
        self.rig.mta.wait_log(rf"{queue_id}: sender delivery status notification: \w+")
        notice = self.rig.letters("s@sender.test")[0]
        read = self.read(notice)
        self.assertEqual(read.message["original-envelope-id"], "abc+def")
        actions = {r["final-recipient"]: r["action"] for r in read.recipients}
        self.assertEqual(actions, {"rfc822; list@fail.test": "expanded",
                                   "rfc822; far@nodsn.test": "relayed"})
        self.assertEqual({r["final-recipient"]: r["original-recipient"] for r in read.recipients}
                         ["rfc822; list@fail.test"], "rfc822;Orig+addr@x.test")
        self.golden("success", notice)
        onward = [m for m in self.rig.sink.messages if m.sender == "s@sender.test"][0]
        self.assertIn("RET=HDRS", onward.sender_options)
        self.assertIn("ENVID=abc+2Bdef", onward.sender_options)
        self.assertIn("NOTIFY=SUCCESS", onward.recipients[0][1])
        self.assertIn("ORCPT=rfc822;good@fail.test", onward.recipients[0][1])

    def test_nobody_is_told_who_wants_not_to_be(self):
        for wish in ("NEVER", "SUCCESS", "DELAY"):
            queue_id = self.rig.send("s@sender.test", [("bad@fail.test", ["NOTIFY=" + wish])])
            self.rig.mta.wait_log(rf"{queue_id}: removed")
        self.assertEqual([m for m in self.rig.sink.messages
                          if m.recipients[0][0] == "s@sender.test"], [])

    def test_headers_only_when_asked_or_large(self):
        self.rig.send("s@sender.test", [("bad@fail.test", [])], ["RET=HDRS"])
        large = TEXT + (b"y" * 70 + b"\r\n") * 1000
        self.rig.send("s@sender.test", [("bad@fail.test", [])], data=large)
        for notice in self.rig.letters("s@sender.test", 2):
            self.assertEqual(self.read(notice).returned.type, "text/rfc822-headers")
            self.assertNotIn(b"yyyy", notice.data)

    def test_what_is_not_ascii_is_declared(self):
        self.rig.send("s@sender.test", [("bad@fail.test", [])], ["BODY=8BITMIME"],
                      TEXT + b"\xc3\xa4\r\n")
        notice = self.rig.letters("s@sender.test")[0]
        self.assertIn(b"\xc3\xa4", self.read(notice).returned.body)
        self.golden("failure_8bit", notice)

    def test_a_bounce_of_a_bounce_goes_to_the_postmaster_only(self):
        queue_id = self.rig.send("", [("bad@fail.test", ["NOTIFY=FAILURE"])])
        notice = self.rig.letters("two@pm.test")[0]
        self.assertEqual(notice.sender, "double-bounce@mail.posthouse.test")
        self.read(notice)
        self.golden("double_bounce", notice)
        self.rig.mta.wait_log(rf"{queue_id}: postmaster non-delivery notification: \w+")
        self.rig.mta.wait_empty()
        self.assertEqual(len(self.rig.sink.messages), 1)

    def test_a_double_bounce_is_dropped(self):
        queue_id = self.rig.send("double-bounce@mail.posthouse.test", [("bad@fail.test", [])])
        self.rig.mta.wait_log(
            rf"warning: {queue_id}: undeliverable postmaster notification discarded")
        self.rig.mta.wait_log(rf"{queue_id}: removed")
        self.assertEqual(self.rig.sink.messages, [])

    @unittest.skipUnless(harness.OURS, "Postfix waits for its next queue run")
    def test_expiry_by_command(self):
        queue_id = self.rig.send("s@sender.test", [("later@fail.test", [])])
        self.rig.mta.wait_log(rf"{queue_id}: to=.*status=deferred")
        self.rig.mta.command("postsuper", "-e", queue_id)
        self.rig.mta.command("postqueue", "-i", queue_id)
        read = self.read(self.rig.letters("s@sender.test")[0])
        self.assertEqual(read.recipients[0]["action"], "failed")
        self.assertEqual(read.recipients[0]["status"], "4.2.0")
        self.rig.mta.wait_log(rf"{queue_id}: from=<s@sender.test>, status=force-expired, returned")


class Delays(GoldenCase):
    params = {"delay_warning_time": "1s", "confirm_delay_cleared": "yes", "notify_classes": "delay",
              "enable_threaded_bounces": "yes"}

    def test_a_delay_is_told_once_and_its_end_too(self):
        queue_id = self.rig.send("s@sender.test", [("later@fail.test", [])])
        notice = self.rig.letters("s@sender.test")[0]
        read = self.read(notice)
        self.assertEqual(read.recipients[0]["action"], "delayed")
        self.assertIn("will-retry-until", read.recipients[0])
        self.golden("delay", notice)
        copy = self.rig.letters("delay@pm.test")[0]
        self.read(copy)
        self.golden("delay_copy", copy)
        for who in ("sender", "postmaster"):
            self.rig.mta.wait_log(rf"{queue_id}: {who} delay notification: \w+")
        attempts = len(self.rig.mta.wait_log(rf"{queue_id}: to=.*status=deferred"))
        self.rig.mta.wait_log(rf"{queue_id}: to=.*status=deferred", attempts + 1)
        self.assertEqual(len(self.rig.letters("s@sender.test")), 1)
        self.rig.sink.script["rcpt"]["later@fail.test"] = "250 2.1.5 now"
        cleared = self.rig.letters("s@sender.test", 2)[1]
        self.assertEqual(self.read(cleared).recipients[0]["action"], "relayed")
        self.golden("delay_cleared", cleared)
        self.rig.sink.script["rcpt"]["later@fail.test"] = "450 4.2.0 try later"


class Reports(GoldenCase):
    params = PLAIN

    def test_verification_delivers_nothing_and_reports(self):
        self.rig.submit("-bv", "good@fail.test", "bad@fail.test", "later@fail.test", "x@nodsn.test")
        notice = self.rig.letters("s@sender.test")[0]
        read = self.read(notice, report=True)
        self.assertEqual(read.header["subject"], "Mail Delivery Status Report")
        self.assertEqual({r["final-recipient"]: r["action"] for r in read.recipients},
                         {"rfc822; good@fail.test": "deliverable",
                          "rfc822; bad@fail.test": "undeliverable",
                          "rfc822; later@fail.test": "undeliverable",
                          "rfc822; x@nodsn.test": "deliverable"})
        self.rig.mta.wait_log(r"to=<later@fail.test>,.* status=undeliverable \(host")
        self.rig.mta.wait_empty()
        self.assertEqual(len(self.rig.sink.messages), 1)
        self.assertEqual(self.rig.plain.messages, [])

    def test_reports_as_postfix_writes_them(self):
        self.rig.submit("-bv", "bad@fail.test", "good@fail.test")
        self.golden("verify", self.rig.letters("s@sender.test")[0])
        self.setUp()
        self.rig.submit("-v", "good@fail.test", "other@fail.test")
        self.golden("record", self.rig.letters("s@sender.test")[0])

    def test_a_report_of_what_was_delivered(self):
        self.rig.submit("-v", "good@fail.test", "bad@fail.test")
        notices = {n.header["subject"]: n for n in map(self.read,
                                                       self.rig.letters("s@sender.test", 2))}
        self.assertEqual(set(notices), {"Mail Delivery Status Report",
                                        "Undelivered Mail Returned to Sender"})
        report = notices["Mail Delivery Status Report"]
        self.assertEqual({r["final-recipient"]: r["action"] for r in report.recipients},
                         {"rfc822; good@fail.test": "relayed", "rfc822; bad@fail.test": "failed"})


class Agents(GoldenCase):
    """What agents of this host say of success, and of what they are only asked about."""
    master = ("last unix - n n - - pipe flags=X user=nobody argv=/bin/cat",
              "onward unix - n n - - pipe user=nobody argv=/bin/cat",
              "store unix - - n - - lmtp flags=X")
    routes = {"last.test": "last:", "onward.test": "onward:"}
    params = {"virtual_mailbox_domains": "boxes.test",
              "virtual_mailbox_maps": "inline:{ {known@boxes.test=known/}, {dir@boxes.test=x} }",
              "virtual_uid_maps": "static:65534", "virtual_gid_maps": "static:65534"}
    wanted = {"a@last.test": "delivered", "b@onward.test": "relayed",
              "known@boxes.test": "delivered", "c@store.test": "delivered",
              "d@gate.test": "relayed"}

    @classmethod
    def setUpClass(cls):
        cls.boxes = tempfile.TemporaryDirectory(prefix="posthouse-notices-")
        os.chmod(cls.boxes.name, 0o777)
        cls.params = {**cls.params, "virtual_mailbox_base": cls.boxes.name}
        store = cls.enterClassContext(SmtpSink(lmtp=True, extensions=["PIPELINING"]))
        cls.routes = {**cls.routes, "store.test": f"store:inet:127.0.0.1:{store.port}",
                      "gate.test": f"lmtp:inet:127.0.0.1:{store.port}"}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.boxes.cleanup()

    def actions(self, read):
        return {r["final-recipient"].removeprefix("rfc822; "): r["action"]
                for r in read.recipients}

    def test_who_delivers_and_who_only_relays(self):
        self.rig.send("s@sender.test", [(name, ["NOTIFY=SUCCESS"]) for name in self.wanted])
        letters = self.rig.letters("s@sender.test")
        self.assertEqual(self.actions(self.read(letters[0])), self.wanted)

    def test_success_as_postfix_writes_it(self):
        self.rig.send("s@sender.test", [("known@boxes.test", ["NOTIFY=SUCCESS"])])
        self.golden("success_delivered", self.rig.letters("s@sender.test")[0])

    def test_a_trial_looks_mailboxes_up(self):
        names = ("a@last.test", "known@boxes.test", "dir@boxes.test", "nobody@boxes.test")
        self.rig.submit("-bv", *names)
        read = self.read(self.rig.letters("s@sender.test")[0], report=True)
        self.assertEqual(self.actions(read), {**dict.fromkeys(names, "deliverable"),
                                              "nobody@boxes.test": "undeliverable"})
        for name, text in zip(names, ("delivers to command: /bin/cat", "delivers to maildir",
                                      "delivers to mailbox", "unknown user: .*")):
            self.rig.mta.wait_log(rf"to=<{name}>, .*able \({text}\)")
        self.assertNotIn("x", os.listdir(self.boxes.name))


@unittest.skipUnless(harness.OURS, "Postfix has other texts")
class Templates(NoticeCase):
    params = PLAIN

    def test_a_template_file_changes_words_and_header(self):
        path = self.rig.mta.write("bounce.cf", (
            "failure_template = <<EOF\nCharset: utf-8\nFrom: The Post <post>\nSubject: Alas\n\n"
            "Here is $myhostname. Gr\u00fc\u00dfe, $$1.\nEOF\n"
            "delay_template = <<EOF\nNope: x\n\nx\nEOF\n"))
        self.configure(bounce_template_file=path)
        self.rig.send("s@sender.test", [("bad@fail.test", [])])
        read = self.read(self.rig.letters("s@sender.test")[0])
        self.assertEqual(read.header["subject"], "Alas")
        self.assertEqual(read.header["from"], "The Post <post@mail.posthouse.test>")
        self.assertTrue(read.text.startswith(
            "Here is mail.posthouse.test. Gr\u00fc\u00dfe, $1.\r\n\r\n<bad@fail.test>: host"))
        self.rig.mta.wait_log(
            r'bounce\[\d+\]: warning: \S*bounce.cf, line 9: unknown "Nope" header')


@unittest.skipUnless(harness.OURS, "what Postfix does with it is told by its own tests")
class SoftBounce(NoticeCase):
    params = PLAIN

    def test_nothing_is_returned(self):
        self.configure(soft_bounce="yes")
        queue_id = self.rig.send("s@sender.test", [("bad@fail.test", [])])
        self.rig.mta.wait_log(rf"{queue_id}: to=<bad@fail.test>,.* dsn=4.1.1, status=SOFTBOUNCE \(")
        self.assertEqual(self.rig.mta.queued()[0]["queue_id"], queue_id)
        self.assertEqual(self.rig.sink.messages, [])
        self.rig.mta.command("postsuper", "-d", "ALL")


class Transcripts(GoldenCase):
    params = {"notify_classes": "policy, protocol",
              "smtpd_sender_restrictions": "check_sender_access inline:{{evil@x.test=REJECT}}"}

    def test_the_postmaster_reads_what_went_wrong(self):
        with smtplib.SMTP("127.0.0.1", self.rig.mta.smtp_port, local_hostname="c.test") as smtp:
            smtp.docmd("FOO bar")
            smtp.docmd("MAIL FROM:<a b>")
        self.golden("transcript_protocol", self.rig.letters("err@pm.test")[0])
        with self.assertRaises(AssertionError):
            self.rig.send("evil@x.test", [("good@fail.test", [])])
        text = self.rig.letters("err@pm.test", 2)[1].data.decode()
        self.assertRegex(text, r"Subject: \w+ SMTP server: errors from \S+\[127.0.0.1\]\r\n")
        self.assertIn("\r\n Out: 554 5.7.1 <evil@x.test>: Sender address rejected: Access denied"
                      "\r\n", text)

    def test_what_went_well_is_nobodys_business(self):
        queue_id = self.rig.send("s@sender.test", [("good@fail.test", [])])
        self.rig.mta.wait_log(rf"{queue_id}: removed")
        self.rig.mta.wait_empty()
        self.assertEqual(len(self.rig.sink.messages), 1)


def fetched(*packages):
    """The build folder, if it has these packages of npm."""
    for package in packages:
        if not os.path.isdir(os.path.join(harness.BUILDDIR, package)):
            ports.skip(f"no {package}: tools/dev/fetch-corpus")
    return harness.BUILDDIR


class Readers(NoticeCase):
    """Programs that lists and shops use to find out whose mail came back."""
    params = PLAIN

    def failure(self):
        self.rig.send("s@sender.test", [("bad@fail.test", []), ("worse@fail.test", [])])
        return self.rig.letters("s@sender.test")[0]

    def test_npm_packages_know_who_failed_and_why(self):
        folder = fetched("bounce-handler", "email-bounce-parser")
        script = os.path.join(harness.SRCDIR, "tests", "live", "bounce_readers.js")
        done = subprocess.run(["node", script, folder], input=self.failure().data, check=True,
                              capture_output=True, timeout=30)
        found = json.loads(done.stdout)
        self.assertEqual({r["recipient"]: (r["action"], r["status"]) for r in found["report"]},
                         {"bad@fail.test": ("failed", "5.1.1"),
                          "worse@fail.test": ("failed", "5.7.1")})
        self.assertTrue(found["text"]["bounce"])
        data = found["text"]["data"]
        self.assertEqual(data["recipient"], "bad@fail.test")
        self.assertEqual(data["error"]["code"], {"basic": "550", "enhanced": "5.1.1"})
        self.assertEqual(data["command"], "RCPT TO")

    def test_mailman_knows_who_failed(self):
        reader = ("import email, sys; from flufl.bounce import all_failures; "
                  "t, p = all_failures(email.message_from_bytes(sys.stdin.buffer.read())); "
                  "print(sorted(a.decode() for a in t), sorted(a.decode() for a in p))")
        has_it = subprocess.run(["/usr/bin/python3", "-c", "import flufl.bounce"],
                                capture_output=True, check=False)
        if has_it.returncode:
            ports.skip("no python3-flufl.bounce: tools/dev/install-packages")
        done = subprocess.run(["/usr/bin/python3", "-c", reader], input=self.failure().data,
                              check=True, capture_output=True, timeout=30)
        self.assertEqual(done.stdout.decode().strip(), "[] ['bad@fail.test', 'worse@fail.test']")


if __name__ == "__main__":
    ports.main()
