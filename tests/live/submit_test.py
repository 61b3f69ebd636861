# SPDX-License-Identifier: Apache-2.0
"""Local submission as users and programs see it: sendmail, mailq, the maildrop queue, pickup."""
import os
import re
import tempfile
import unittest

import ports
from host import USERS, Host
from smtp_sink import SmtpSink

TEXT = b"Subject: a test\n\nHello.\n"


class Submit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.host = cls.enterClassContext(Host(relay_to=cls.sink))

    def arrived(self, subject):
        mark = f"Subject: {subject}\r\n".encode()
        return ports.wait_until(lambda: next((m for m in self.sink.messages if mark in m.data),
                                             None), 20, f"arrival of {subject!r}")

    def send(self, words, subject, *, header="", body="Hello.\n", **options):
        text = f"{header}Subject: {subject}\n\n{body}".encode()
        done = self.host.submit(["sendmail", *words], text, **options)
        return done, self.arrived(subject)

    def test_recipients_of_the_header_as_nobody(self):
        done, got = self.send(["-t"], "as nobody", user="nobody",
                              header="To: Bee <b@c.test>\nBcc: hidden@c.test,\n x@d.test\n")
        self.assertEqual((done.stdout, done.stderr), (b"", b""))
        self.assertEqual([address for address, _ in got.recipients],
                         ["b@c.test", "hidden@c.test", "x@d.test"])
        self.assertNotIn(b"hidden", got.data)
        self.assertEqual(got.sender, "nobody@mail.posthouse.test")
        self.assertRegex(got.data, rb"^Received: by mail\.posthouse\.test "
                                   rb"\(Posthouse, from userid 65534\)\r\n\tid \w+; ")
        self.assertRegex(got.data, rb"\r\nFrom: nobody <nobody@mail\.posthouse\.test>\r\n")
        self.assertRegex(self.host.log(), r"pickup\[\d+\]: \w+: uid=65534 from=<nobody>\n")
        self.assertEqual(self.host.maildrop(), [])

    def test_recipients_that_are_none(self):
        """As Postfix: empty words go to empty_address_recipient, what breaks the rules to all."""
        for number, (words, header, want) in enumerate((
                ([""], "", ["MAILER-DAEMON@mail.posthouse.test"]),
                (["<>", "b@c.test"], "", ["MAILER-DAEMON@mail.posthouse.test", "b@c.test"]),
                (["-t"], "To: <>, b@c.test d@e.test\nCc: g: f@g.test;\n",
                 ["b@c.test", "d@e.test", "f@g.test"]),
                (["-t", "b@c.test"], "To: undisclosed-recipients:;\n", ["b@c.test"]),
                (["a@b.test>"], "", ["a@b.test"]))):
            with self.subTest(words=words, header=header):
                _, got = self.send(words, f"odd {number}.", header=header)
                self.assertEqual(sorted(address for address, _ in got.recipients), want)

    def test_recipients_are_told_complete(self):
        _, got = self.send(["local"], "completed")
        self.assertEqual(got.recipients, [("local@mail.posthouse.test",
                                           "ORCPT=rfc822;local@mail.posthouse.test")])

    def test_lines_of_a_mailbox_file_in_front(self):
        _, got = self.send(["-t"], "mailbox", header="From x Mon Jan 1\n>From y\nTo: b@c.test\n")
        self.assertEqual(got.recipients[0][0], "b@c.test")
        self.assertNotIn(b"From x", got.data)
        self.assertNotIn(b"From y", got.data)

    def test_name_that_is_not_ascii_needs_no_smtputf8(self):
        _, got = self.send(["-F", "J\u00f6rg  M", "b@c.test"], "plain envelope")
        self.assertIn("\r\nFrom: J\u00f6rg M <alice@".encode(), got.data)
        self.assertNotIn("SMTPUTF8", got.sender_options)
        for header, words in ("To: b\u00fc@c.test\n", ["-t"]), ("", ["b\u00fc@c.test"]):
            with self.subTest(words=words):
                _, got = self.send(words, f"international {words[0][0]}.", header=header)
                self.assertIn("SMTPUTF8", got.sender_options)
                self.assertEqual(got.recipients[0][0], "b\u00fc@c.test")

    def test_sender_name_and_recipients_of_the_command_line(self):
        _, got = self.send(["-i", "-f", "Boss <boss@a.test>", "-F", 'The "Boss"', "b@c.test",
                            "Name <d@e.test>", "f@g.test, h@i.test", "local"], "arguments")
        self.assertEqual(got.sender, "boss@a.test")
        self.assertEqual({address for address, _ in got.recipients},
                         {"b@c.test", "d@e.test", "f@g.test", "h@i.test",
                          "local@mail.posthouse.test"})
        self.assertIn(b'\r\nFrom: "The \\"Boss\\"" <boss@a.test>\r\n', got.data)
        self.assertIn(b"\r\nMessage-Id: <", got.data)
        self.assertIn(b"\r\nDate: ", got.data)

    def test_name_of_the_user(self):
        _, got = self.send(["b@c.test"], "own name")
        self.assertIn(b"\r\nFrom: Alice Alice Bob <alice@mail.posthouse.test>\r\n", got.data)
        self.assertIn(b"Received: by mail.posthouse.test (Posthouse, from userid 21001)", got.data)

    def test_null_sender(self):
        _, got = self.send(["-oi", "-f", "<>", "-t"], "null", header="To: b@c.test\n")
        self.assertEqual(got.sender, "")
        self.assertIn(b"\r\nFrom: MAILER-DAEMON", got.data)
        for sender in "mailer-daemon", "MAILER-DAEMON@mail.posthouse.test":
            _, got = self.send(["-f", sender, "b@c.test"], f"by {sender}")
            self.assertEqual(got.sender, "")
        self.assertRegex(self.host.log(), r"qmgr\[\d+\]: \w+: from=<>, size=")
        _, got = self.send(["-f", "MAILER-DAEMON@else.test", "b@c.test"], "by another")
        self.assertEqual(got.sender, "MAILER-DAEMON@else.test")

    def test_log_shows_addresses_as_they_are_written(self):
        self.send(["-f", '"a b"@c.test', '"d e"@f.test'], "quoted")
        log = self.host.log()
        self.assertIn('from=<"a b"@c.test>, size=', log)
        self.assertIn('to=<"d e"@f.test>, relay=', log)

    def test_notify_and_return(self):
        _, got = self.send(["-N", "success,failure", "-R", "hdrs", "-V", "env=1", "-B8BITMIME",
                            "b@c.test"], "dsn", body="Gr\u00fc\u00dfe\n")
        self.assertRegex(got.sender_options, "RET=HDRS")
        self.assertRegex(got.sender_options, r"ENVID=env\+3D1")
        self.assertRegex(got.recipients[0][1], "NOTIFY=SUCCESS,FAILURE")

    def test_line_ends_and_dots(self):
        _, got = self.send(["b@c.test"], "dots", body="..a\r\n.b\n.\nnot sent\n")
        self.assertTrue(got.data.endswith(b"\r\n\r\n..a\r\n.b\r\n"), got.data)
        _, got = self.send(["-i", "b@c.test"], "no end", body="a\n.\nb")
        self.assertTrue(got.data.endswith(b"\r\n\r\na\r\n.\r\nb\r\n"), got.data)

    def test_resent_message_goes_to_the_resent_fields(self):
        _, got = self.send(["-t"], "resent", header="To: a@b.test\nResent-To: c@d.test\n"
                           "Resent-Bcc: e@f.test\nFrom: x@y.test\n")
        self.assertEqual([address for address, _ in got.recipients], ["c@d.test", "e@f.test"])
        self.assertNotIn(b"e@f.test", got.data)

    def test_message_that_is_refused_later_comes_back(self):
        hops = "Received: from x by y; Fri, 27 Nov 2026 00:00:00 +0000\n" * 60
        self.host.submit(["sendmail", "b@c.test"], f"{hops}Subject: loop\n\nx\n".encode())
        got = self.arrived("Undelivered Mail Returned to Sender")
        self.assertEqual((got.sender, got.recipients[0][0]), ("", "alice@mail.posthouse.test"))
        self.assertRegex(got.data, rb"(?s)Final-Recipient: rfc822; *b@c\.test.*Status: 5\.4\.0")
        ports.wait_until(lambda: self.host.maildrop() == [], 5, "empty maildrop")
        self.assertEqual(os.listdir(self.host.queue + "/corrupt"), [])

    def test_exit_statuses(self):
        for words, status, text in (
                (["-Z", "a@b.test"], 64, b"usage: sendmail [options]"),
                (["-t"], 64, b"No recipient addresses found in message header"),
                ([], 64, b"Recipient addresses must be specified on the command line or via the "
                         b"-t option"),
                (["-bz"], 64, b"unsupported: -bz"),
                (["a\x01b@c.test"], 65, b"control character in a recipient address"),
                (["x" * 3000 + "@c.test"], 65, b"a recipient address is too long"),
                (["-q1h"], 0, b""), (["-bh"], 0, b""),
                (["-o", "nonsense", "-O", "X=y", "-q30m"], 0, b"")):
            with self.subTest(words=words):
                done = self.host.submit(["sendmail", *words], TEXT, status=status)
                self.assertIn(text, done.stderr)
        big = TEXT + b"x" * 70 + b"\n"
        done = self.host.submit(["sendmail", "a@b.test"], big + (b"x" * 70 + b"\n") * 160_000,
                                status=65)
        self.assertIn(b"alice(21001): message file too big", done.stderr)
        self.assertEqual(self.host.maildrop(), [])

    def test_command_that_is_missing_is_temporary(self):
        done = self.host.submit(["sendmail", "a@b.test"], TEXT, status=75,
                                script_before="rm /usr/sbin/postdrop; mv "
                                f"{self.host.root}/commands/postdrop {self.host.root}/p")
        os.rename(f"{self.host.root}/p", f"{self.host.root}/commands/postdrop")
        os.symlink(f"{self.host.root}/commands/postdrop", f"{self.host.root}/usr/sbin/postdrop")
        self.assertIn(b"unable to execute /usr/sbin/postdrop -r", done.stderr)

    def test_dialogue_as_a_user(self):
        script = (b"EHLO me\r\nMAIL FROM:<a@b.test> BODY=8BITMIME\r\nRCPT TO:<c@d.test>\r\n"
                  b"DATA\r\nSubject: spoken\r\n\r\n..dot\r\n.\r\nQUIT\r\n")
        for user in ("alice", "root"):
            with self.subTest(user=user):
                before = len(self.sink.messages)
                done = self.host.submit(["sendmail", "-bs"], script, user=user)
                self.assertRegex(done.stdout, rb"^220 mail\.posthouse\.test ESMTP Posthouse\r\n")
                queued = re.search(rb"\r\n250 2\.0\.0 Ok: queued as (\w+)\r\n221 2\.0\.0 Bye\r\n$",
                                   done.stdout)
                self.assertTrue(queued, done.stdout)
                ports.wait_until(lambda n=before: len(self.sink.messages) > n, 10, "the message")
                got = self.sink.messages[-1]
                self.assertEqual((got.sender, got.recipients[0][0]), ("a@b.test", "c@d.test"))
                self.assertTrue(got.data.endswith(b"\r\n\r\n.dot\r\n"))
                self.assertRegex(got.data, (
                    rb"^Received: by mail\.posthouse\.test \(Posthouse, from userid \d+\)\r\n"
                    rb"\tid \w+;.*\r\nReceived: from me \(localhost \[127\.0\.0\.1\]\)\r\n"
                    rb"\tby mail\.posthouse\.test \(Posthouse\) with ESMTP id %s\r\n"
                    rb"\tfor <c@d\.test>; " % queued[1]))
        self.assertNotIn("improper command pipelining", self.host.log())

    def test_dialogue_in_lines_of_this_host(self):
        """LF ends lines, and what is no header field joins none of ours."""
        for number, first in enumerate(("Subject: x\n", " blank\n", "From x y\n", "\n")):
            with self.subTest(first=first):
                self.host.submit(["sendmail", "-bs"], (
                    f"EHLO me\nMAIL FROM:<a@b.test>\nRCPT TO:<c@d.test>\nDATA\n{first}"
                    f"\nspoken {number}\n.\nQUIT\n").encode())
                got = ports.wait_until(lambda n=number: next(
                    (m for m in self.sink.messages if b"spoken %d\r\n" % n in m.data), None), 10,
                    "the message")
                self.assertRegex(got.data, rb"\tfor <c@d\.test>; [^\r]+\r\n[\w\r]")

    def test_dialogue_that_breaks_off_leaves_nothing(self):
        self.host.submit(["sendmail", "-bs"],
                         b"EHLO me\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nx\r\n")
        self.assertEqual(self.host.maildrop(), [])

    def test_reports_are_announced(self):
        done, _ = self.send(["-v", "b@c.test"], "verbose")
        self.assertEqual(done.stdout, b"Mail Delivery Status Report will be mailed to <alice>.\n")
        done = self.host.submit(["sendmail", "-bv", "b@c.test"], b"not read")
        self.assertEqual(done.stdout, b"Mail Delivery Status Report will be mailed to <alice>.\n")

    def test_queue_is_shown_the_same_under_all_names(self):
        shown = {self.host.submit(words, b"").stdout
                 for words in (["mailq"], ["sendmail", "-bp"], ["postqueue", "-p"])}
        self.assertEqual(len(shown), 1, shown)

    def test_aliases_are_built(self):
        source = self.host.write("aliases", "root: alice\n")
        self.host.write_main_cf(alias_database=f"lmdb:{source}", alias_maps=f"lmdb:{source}")
        for words in (["newaliases"], ["sendmail", "-bi"], ["sendmail", "-I"]):
            done = self.host.submit(words, b"", user="root")
            self.assertEqual(done.stdout + done.stderr, b"")
            os.remove(source + ".lmdb")


class Origin(unittest.TestCase):
    def test_a_file_may_name_it_as_on_debian(self):
        with tempfile.NamedTemporaryFile("w", prefix="mailname-") as file, SmtpSink() as sink:
            file.write("origin.test\nnot this\n")
            file.flush()
            os.chmod(file.name, 0o644)
            with Host(params={"myorigin": file.name}, relay_to=sink) as host:
                host.submit(["sendmail", "-t"], b"To: b@c.test\nCc: bob\n" + TEXT)
                got = sink.wait_messages(1)[0]
        self.assertEqual(got.sender, "alice@origin.test")
        self.assertIn(b" <alice@origin.test>\r\n", got.data)
        self.assertIn(b"\r\nCc: bob@origin.test\r\n", got.data)


class Down(unittest.TestCase):
    """Mail submitted while the system is down waits, is listed, and can be removed."""

    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.host = cls.enterClassContext(Host(relay_to=cls.sink))

    def test_mail_waits_in_maildrop(self):
        host = self.host
        host.command("postfix", "-c", host.config, "stop")
        ports.wait_until(lambda: not host.master_pid(), 20, "end of the master")
        for user in ("alice", "nobody", "root"):
            done = host.submit(["sendmail", "-t"], f"To: {user}@c.test\n\nx\n".encode(), user=user)
            self.assertEqual(done.stderr, b"")  # As Postfix: it will run again.
        names = host.maildrop()
        self.assertEqual(len(names), 3)
        owners = set()
        for name in names:
            status = os.stat(f"{host.queue}/maildrop/{name}")
            owners.add(status.st_uid)
            self.assertEqual(status.st_mode & 0o7777, 0o740)
        self.assertEqual(owners, {0, USERS["alice"][0], 65534})
        listed = host.queued()
        self.assertEqual({m["queue_name"] for m in listed}, {"maildrop"})
        self.assertEqual({m["sender"] for m in listed}, {"alice", "nobody", "root"})
        victim = next(m["queue_id"] for m in listed if m["sender"] == "root")
        host.command("postsuper", "-r", "ALL", "maildrop")
        self.assertEqual(host.maildrop(), names)
        removed = host.command("postsuper", "-d", victim, "maildrop")
        self.assertIn(f"postsuper: {victim}: removed", removed.stderr)
        host.start()
        ports.wait_until(lambda: len(self.sink.messages) == 2, 20, "mail that waited")
        self.assertEqual({m.recipients[0][0] for m in self.sink.messages},
                         {"alice@c.test", "nobody@c.test"})
        ports.wait_until(lambda: host.maildrop() == [], 5, "empty maildrop")

    def test_only_some_users_may_submit(self):
        host = self.host
        host.write_main_cf(authorized_submit_users="!eve, static:all")
        done = host.submit(["sendmail", "a@b.test"], TEXT, user="eve", status=77)
        self.assertIn(b"sendmail: fatal: User eve(21002) is not allowed to submit mail\n",
                      done.stderr)
        host.submit(["sendmail", "a@b.test"], TEXT, user="alice")
        for users in "alice", "":
            host.write_main_cf(authorized_submit_users=users)
            host.submit(["sendmail", "a@b.test"], TEXT, user="root", status=77)
        host.write_main_cf(authorized_submit_users="static:all")

    def test_users_may_use_their_own_senders(self):
        host = self.host
        host.write_main_cf(recipient_delimiter="+", local_login_sender_maps=(
            "inline:{{root=*}, {eve=<> eve}}, regexp:{{/^(.+)$$/ $$1 $$1@b.test @own.test}}"))
        self.addCleanup(host.write_main_cf, local_login_sender_maps="static:*",
                        recipient_delimiter="")
        good = [("alice", "alice"), ("alice", "Alice+tag@b.test"), ("alice", "any@own.test"),
                ("eve", ""), ("root", "who@ever.test")]
        for user, sender in good:
            host.submit(["sendmail", "-f", sender, "a@b.test"], TEXT, user=user)
        for user, sender in (("alice", "eve@b.test"), ("alice", ""), ("eve", "eve@b.test")):
            done = host.submit(["sendmail", "-f", sender, "a@b.test"], TEXT, user=user, status=77)
            self.assertIn(f"not authorized to use sender='{sender}'".encode(), done.stderr)
            done = host.submit(["sendmail", "-bs"], (
                f"EHLO me\r\nMAIL FROM:<{sender}>\r\nRCPT TO:<a@b.test>\r\nDATA\r\n\r\nx\r\n.\r\n"
                "QUIT\r\n").encode(), user=user)
            self.assertNotIn(b"queued as", done.stdout)


if __name__ == "__main__":
    ports.main()
