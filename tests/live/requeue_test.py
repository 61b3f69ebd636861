#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postsuper -r and what goes through maildrop: requeued mail is rewritten again and keeps what it
is, nothing is lost when programs die on the way, and mail in maildrop is found by every question.
POSTHOUSE_MTA=postfix runs what holds for Debian's Postfix too."""
import json
import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
import unittest

import harness
import ports
from harness import Instance
from smtp_sink import SmtpSink

LATER = {"*": "450 4.2.0 later", "now@x.test": "250 2.1.5 ok"}
LETTER = b"Subject: hi\r\nFrom: bare\r\nMessage-ID: <1@y.test>\r\nX-Test: 1\r\n\r\nhello\r\n"
ours_only = unittest.skipUnless(harness.OURS, "of ours only")


def submit(mta, *words, data=b"Subject: hello\n\ntext\n"):
    path = os.path.join(mta.programs.command_directory, "sendmail")
    subprocess.run([path, *words], env=mta.environment, check=True, input=data, timeout=30)


def queued(mta):
    return {entry["queue_id"]: entry for entry in mta.queued()}


class Requeue(unittest.TestCase):
    def setUp(self):
        self.sink = SmtpSink({"rcpt": dict(LATER)})
        self.addCleanup(self.sink.close)
        route = f"smtp:[127.0.0.1]:{self.sink.port}"
        self.mta = Instance(params={"default_transport": route, "relay_transport": route,
                                    "mynetworks": "127.0.0.0/8", "virtual_alias_domains": "",
                                    "virtual_alias_maps": "inline:{{a@x.test=b@x.test}}"})
        self.addCleanup(self.mta.stop)

    def defer(self, *recipients):
        self.mta.send("s@y.test", recipients, LETTER, options=["ENVID=e1"])
        self.mta.wait_log(r"status=deferred")
        self.mta.wait_log(r"to=<[^>]*>,.*status=", len(recipients))
        [(queue_id, entry)] = ports.wait_until(
            lambda: [(i, e) for i, e in queued(self.mta).items() if e["queue_name"] == "deferred"],
            10, "the deferred message")
        return queue_id, entry

    def reload(self):
        self.mta.reload()
        self.mta.wait_log(r"master\[\d+\]: reload --")
        time.sleep(0.3)  # Former processes are told to go then.

    def requeue(self, *words):
        done = self.mta.command("postsuper", *words)
        if not harness.OURS:
            self.mta.command("postkick", "public", "pickup", "W")
        return done.stderr

    def test_rewrites_again_and_keeps_the_rest(self):
        old, before = self.defer("a@x.test", "now@x.test")
        self.mta.write_main_cf(
            virtual_alias_maps="inline:{{b@x.test=z@x.test}}",
            sender_canonical_maps="inline:{{s@y.test=new@y.test}}",
            header_checks="regexp:{{/^X-Test:/ PREPEND X-Seen: again}}")
        self.reload()
        time.sleep(1.1)
        self.sink.script["rcpt"]["*"] = "250 2.1.5 ok"
        said = self.requeue("-r", old)
        self.assertIn("Requeued: 1 message", said)
        self.mta.wait_empty()
        new = self.mta.wait_log(
            rf"pickup\[\d+\]: (\w+): uid=\d+ from=<s@y.test> orig_id={old}\n")[0].group(1)
        self.mta.wait_log(rf"qmgr\[\d+\]: {new}: from=<new@y.test>, size=\d+, nrcpt=1 ")
        line = self.mta.wait_log(rf"{new}: to=<z@x.test>, orig_to=<a@x.test>,.*delay=([\d.]+),")[0]
        self.assertGreater(float(line.group(1)), 1)
        now, rest = self.sink.messages
        self.assertEqual([now.recipients[0][0], rest.recipients[0][0]], ["now@x.test", "z@x.test"])
        self.assertIn("ENVID=e1", rest.sender_options)
        head = rest.data.split(b"\r\n\r\n")[0].decode()
        self.assertRegex(head, rf"^Received: by mail\.posthouse\.test \(\w+, from userid \d+\)"
                               rf"\r\n\tid {new}; ")
        self.assertIn(f"id {old};", head)
        self.assertIn("X-Seen: again\r\nX-Test: 1", head)
        self.assertEqual(head.count("Message-ID:"), 1)
        self.assertGreater(before["arrival_time"], 0)

    def test_keeps_client_and_age(self):
        old, before = self.defer("a@x.test")
        time.sleep(1.1)
        self.requeue("-r", "ALL")
        self.mta.wait_log(rf"orig_id={old}")
        [(new, after)] = ports.wait_until(
            lambda: [(i, e) for i, e in queued(self.mta).items()
                     if i != old and e["queue_name"] == "deferred"], 20, "the new message")
        self.assertEqual(after["arrival_time"], before["arrival_time"])
        shown = self.mta.command("postcat", "-q", "-e", new).stdout
        for part in ("client_address=127.0.0.1", "helo_name=client.test",
                     "protocol_name=ESMTP", "rewrite_context=local", "original_recipient: a@x.test",
                     "recipient: b@x.test"):
            self.assertIn(part, shown)

    @ours_only
    def test_uses_the_filter_for_local_mail(self):
        old, _ = self.defer("a@x.test")
        with SmtpSink() as scanner:
            self.mta.write_main_cf(content_filter=f"smtp:[127.0.0.1]:{scanner.port}")
            self.reload()
            self.requeue("--requeue", old)
            message = scanner.wait_messages(1)[0]
            self.assertEqual(message.recipients[0][0], "b@x.test")
            self.mta.wait_empty()

    @ours_only
    def test_takes_names_from_standard_input(self):
        old, _ = self.defer("a@x.test")
        done = subprocess.run(
            [os.path.join(self.mta.programs.command_directory, "postsuper"), "--redirect",
             "now@x.test", "--dry-run", "-"], env=self.mta.environment, check=True,
            input=f"{old} some words\nNONE\n", capture_output=True, text=True, timeout=30)
        self.assertEqual(done.stdout, f"{old}: would be redirected to <now@x.test>\n"
                                      "In all: 1 message\n")
        done = self.mta.command("postsuper", "--redirect", "now@x.test", old)
        self.assertRegex(done.stderr, rf"{old}: redirected to <now@x.test> as \w+")
        self.mta.wait_empty()
        self.assertEqual(self.sink.messages[0].recipients[0][0], "now@x.test")

    @ours_only
    def test_loses_nothing_when_programs_die(self):
        count = 60
        for number in range(count):
            self.mta.send("s@y.test", [f"r{number}@x.test"], LETTER)
        self.mta.wait_log(r"status=deferred", count)
        self.mta.command("postsuper", "-h", "ALL")
        killed = 0
        for _ in range(3):
            self.mta.command("postsuper", "-r", "ALL")
            end = time.monotonic() + 0.8
            while time.monotonic() < end:
                killed += self.kill_one(("pickup", "cleanup", "qmgr")[killed % 3])
                time.sleep(0.04)
        self.assertGreater(killed, 5 if ports.REPORTS else 10)
        self.sink.script["rcpt"]["*"] = "250 2.1.5 ok"
        self.mta.command("postkick", "public", "pickup", "W", check=False)
        self.mta.command("postsuper", "-r", "ALL")
        ports.wait_until(lambda: not queued(self.mta) or not self.mta.command("postqueue", "-f"),
                         60, "an empty queue")
        self.assertEqual({m.recipients[0][0] for m in self.sink.messages},
                         {f"r{number}@x.test" for number in range(count)})
        for message in self.sink.messages:
            self.assertTrue(message.data.endswith(b"\r\n\r\nhello\r\n"))

    def kill_one(self, program):
        done = subprocess.run(["pgrep", "-x", program, "-P", str(self.mta.master_pid())],
                              capture_output=True, text=True, check=False)
        pids = done.stdout.split()
        for pid in pids:
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass
        return len(pids)


@ours_only
class Maildrop(unittest.TestCase):
    """pickup cannot reach cleanup: mail stays in maildrop."""

    @classmethod
    def setUpClass(cls):
        cls.mta = Instance(master=["pickup unix n - n 60 1 pickup -o cleanup_service_name=nobody"])
        for sender, recipient in (("one@x.test", "a@y.test"), ("two@x.test", "b@y.test")):
            submit(cls.mta, "-f", sender, recipient)

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()

    def objects(self, *words):
        return [json.loads(line)
                for line in self.mta.command("postqueue", *words).stdout.splitlines()]

    def test_is_found_by_every_question(self):
        listed = queued(self.mta)
        self.assertEqual({e["queue_name"] for e in listed.values()}, {"maildrop"})
        self.assertEqual(len(listed), 2)
        [found] = self.objects("-j", "--sender", "one@x.test")
        self.assertEqual(found["queue_name"], "maildrop")
        self.assertEqual(self.objects("--count", "--json")[0]["messages"], 2)
        self.assertEqual(self.objects("--count", "--json", "--queue", "deferred")[0]["messages"], 0)
        self.assertEqual(self.objects("--count", "--json", "--queue", "maildrop")[0]["messages"], 2)
        groups = {g["sender"]: g["messages"] for g in self.objects("--group-by", "sender",
                                                                   "--json")}
        self.assertEqual(groups, {"one@x.test": 1, "two@x.test": 1})
        page = self.mta.command("postqueue", "--why", found["queue_id"]).stdout
        self.assertIn(f"{found['queue_id']}: maildrop, from one@x.test", page)
        self.assertIn("It waits for pickup(8)", page)
        self.assertIn("1 message waits", self.mta.command("postqueue", "--why", "b@y.test").stdout)

    def test_is_deleted_by_filter_and_else_left_alone(self):
        submit(self.mta, "-f", "gone@x.test", "c@y.test")
        self.mta.command("postsuper", "--hold", "--sender", "gone@x.test")
        self.mta.command("postsuper", "--requeue", "--sender", "gone@x.test")
        [found] = self.objects("-j", "--sender", "gone@x.test")
        self.assertEqual(found["queue_name"], "maildrop")
        done = self.mta.command("postsuper", "--delete", "--sender", "gone@x.test")
        self.assertIn("Deleted: 1 message", done.stderr)
        self.assertEqual(self.objects("-j", "--sender", "gone@x.test"), [])

    def test_foreign_objects_there_disturb_no_question(self):
        folder = os.path.join(self.mta.queue, "maildrop")
        fifo, link, bad = (os.path.join(folder, name) for name in ("1A2B3C4D5", "1A2B3C4D6",
                                                                   "1A2B3C4D7"))
        os.mkfifo(fifo)
        os.symlink("/etc/passwd", link)
        with open(bad, "wb") as file:
            file.write(b"\x89PHQ\r\n\x1a\n" + b"\xff" * 300)
        os.chmod(bad, 0o744)
        try:
            self.assertEqual(self.objects("--count", "--json")[0]["messages"], 2)
            self.mta.command("postqueue", "--why", "1A2B3C4D5", check=False, timeout=10)
        finally:
            for path in (fifo, link, bad):
                if os.path.lexists(path):
                    os.unlink(path)


@ours_only
class Import(unittest.TestCase):
    def test_keeps_who_submitted(self):
        samples = os.path.join(harness.SRCDIR, "fuzz", "corpus", "spool_message")
        with Instance() as mta, tempfile.TemporaryDirectory() as theirs:
            mta.command("postfix", "stop")
            os.chmod(theirs, 0o755)
            for name in ("maildrop", "incoming", "active", "deferred", "hold", "saved", "pid"):
                os.mkdir(os.path.join(theirs, name))
                shutil.chown(os.path.join(theirs, name), harness.OWNER)
            path = os.path.join(theirs, "maildrop", "220EBA72356")
            shutil.copy(os.path.join(samples, "maildrop_flags"), path)
            os.chmod(path, 0o744)
            os.chown(path, 4711, -1)
            done = mta.command("postfix", "import-queue", theirs, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            mta.start()
            mta.wait_log(r"pickup\[\d+\]: \w+: uid=4711 from=<[^>]*>\n")


@ours_only
class LocalFilter(unittest.TestCase):
    """content_filter and receive_override_options hold for pickup, from main.cf and master.cf."""

    def test_local_mail_goes_through_the_filter_and_back(self):
        back = ports.free_port()
        with SmtpSink() as scanner, SmtpSink() as away, Instance(
                params={"content_filter": f"smtp:[127.0.0.1]:{scanner.port}",
                        "header_checks": "regexp:{{/^Subject:/ PREPEND X-Seen: once}}",
                        "virtual_alias_maps": "inline:{{b@y.test=c@y.test, d@y.test}}",
                        "virtual_alias_domains": "",
                        "default_transport": f"smtp:[127.0.0.1]:{away.port}"},
                master=[f"127.0.0.1:{back} inet n - n - - smtpd -o content_filter= "
                        "-o receive_override_options=no_header_body_checks,no_address_mappings"
                        ]) as mta:
            submit(mta, "-f", "a@x.test", "b@y.test")
            scanned = scanner.wait_messages(1)[0]
            self.assertEqual([r for r, _ in scanned.recipients], ["c@y.test", "d@y.test"])
            with smtplib.SMTP("127.0.0.1", back, timeout=20) as smtp:
                smtp.sendmail(scanned.sender, [r for r, _ in scanned.recipients], scanned.data)
            [message] = away.wait_messages(1)
            self.assertEqual(message.data.count(b"X-Seen: once"), 1)
            mta.wait_empty()
            self.assertEqual(len(scanner.messages), 1)

    def test_of_the_line_in_master_cf(self):
        with SmtpSink() as scanner, SmtpSink() as away, Instance(
                params={"header_checks": "regexp:{{/^Subject:/ PREPEND X-Seen: once}}",
                        "virtual_alias_maps": "inline:{{b@y.test=c@y.test}}",
                        "virtual_alias_domains": "",
                        "default_transport": f"smtp:[127.0.0.1]:{away.port}"},
                master=["pickup unix n - n 60 1 pickup -o "
                        f"content_filter=smtp:[127.0.0.1]:{scanner.port} -o receive_override_"
                        "options=no_header_body_checks,no_address_mappings"]) as mta:
            submit(mta, "-f", "a@x.test", "b@y.test")
            [scanned] = scanner.wait_messages(1)
            self.assertEqual(scanned.recipients[0][0], "b@y.test")
            self.assertNotIn(b"X-Seen", scanned.data)
            mta.send("a@x.test", ["b@y.test"], LETTER)
            [direct] = away.wait_messages(1)
            self.assertEqual(direct.recipients[0][0], "c@y.test")
            self.assertIn(b"X-Seen", direct.data)


if __name__ == "__main__":
    ports.main()
