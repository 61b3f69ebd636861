# SPDX-License-Identifier: Apache-2.0
"""The commands of the queue on a living system: questions, changes and flushes by filter, --why,
qshape, postkick and postlock."""
import json
import os
import subprocess
import tempfile
import unittest

import ports
from harness import Instance
from ports import free_port, wait_until
from smtp_sink import SmtpSink

BODY = b"Subject: x\r\n\r\nhello\r\n"
MAIL = [("boss@sales.test", "a@one.test"), ("boss@sales.test", "b@two.test"),
        ("list@news.test", "c@one.test"), ("list@news.test", "d@three.test")]


class QueueCommands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.port = free_port()  # Nobody listens there yet.
        cls.mta = Instance(params={"relayhost": f"[127.0.0.1]:{cls.port}",
                                   "default_destination_concurrency_failed_cohort_limit": "2"})

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()

    def setUp(self):
        self.mta.command("postsuper", "-d", "ALL")
        wait_until(lambda: not self.mta.queued(), 10, "empty queue")
        for sender, recipient in MAIL:
            self.mta.send(sender, [recipient], BODY)
        wait_until(lambda: self.found("--queue", "deferred") == 4, 20, "four deferred messages")

    def objects(self, *words):
        return [json.loads(line)
                for line in self.mta.command("postqueue", *words).stdout.splitlines()]

    def found(self, *words):
        return self.objects("--count", "--json", *words)[0]["messages"]

    def ids(self, *words):
        return [message["queue_id"] for message in self.objects("-j", *words)]

    def test_questions(self):
        self.assertEqual(self.found("--sender", "boss@sales.test"), 2)
        self.assertEqual(self.found("--sender", "@news.test", "--recipient", "@one.test"), 1)
        self.assertEqual(self.found("--destination", f"[127.0.0.1]:{self.port}"), 4)
        self.assertEqual(self.found("--destination", "one.test"), 2)
        self.assertEqual(self.found("--class", "network"), 4)
        self.assertEqual(self.found("--reason", "refused", "--newer", "1h"), 4)
        self.assertEqual(self.found("--older", "1h"), 0)
        groups = {group["recipient-domain"]: group["messages"]
                  for group in self.objects("--group-by", "recipient-domain", "--json")}
        self.assertEqual(groups, {"one.test": 2, "two.test": 1, "three.test": 1})
        [message] = self.objects("-j", "--recipient", "b@*")
        self.assertEqual(message["recipients"][0]["failure_class"], "network")
        self.assertGreater(message["next_attempt"], message["arrival_time"])
        table = self.mta.command("postqueue", "-p", "--sender", "list@*").stdout
        self.assertRegex(table, r"(?s)^-Queue ID-.*c@one\.test.*-- 0 Kbytes in 2 Requests\.$")

    def test_why(self):
        [message] = self.ids("--recipient", "a@one.test")
        page = self.mta.command("postqueue", "--why", message).stdout
        for part in (f"{message}: deferred, from boss@sales.test", "next try", "goes back to its",
                     "to a@one.test: deferred, 1 try", "Connection refused", "network (soft)",
                     f"-> Try it now: postqueue -i {message}"):
            self.assertIn(part, page)
        self.assertRegex(page, rf"goes by \w+ to \[127\.0\.0\.1\]:{self.port}\n")
        for subject, count in (("one.test", 2), ("a@one.test", 1), ("nine.test", 0)):
            page = self.mta.command("postqueue", "--why", subject).stdout
            self.assertRegex(page, rf"^{subject}: {count} messages? waits?\n")
        explained = self.objects("--why", "one.test", "--json")
        self.assertEqual(len(explained), 2)
        attempt = explained[0]["recipients"][0]["attempts"][0]
        self.assertEqual((attempt["number"], attempt["failure_class"]), (1, "network"))

    def test_changes(self):
        boss = self.ids("--sender", "boss@sales.test")
        done = self.mta.command("postsuper", "--hold", "--sender", "boss@*", "--dry-run")
        self.assertEqual(sorted(line.split(":")[0] for line in done.stdout.splitlines()[:-1]),
                         sorted(boss))
        self.assertEqual(self.found("--queue", "hold"), 0)
        done = self.mta.command("postsuper", "--hold", "--sender", "boss@*")
        self.assertIn("postsuper: Placed on hold: 2 messages", done.stderr)
        self.assertEqual(sorted(self.ids("--queue", "hold")), sorted(boss))
        page = self.mta.command("postqueue", "--why", boss[0]).stdout
        self.assertIn(f"postsuper -H {boss[0]}", page)
        self.mta.command("postsuper", "--delete", "--recipient", "b@two.test")
        self.assertEqual(self.found(), 3)
        done = self.mta.command("postsuper", "--release", "--all", "--json")
        self.assertEqual([json.loads(line)["done"] for line in done.stdout.splitlines()], [True])
        wait_until(lambda: self.found("--queue", "hold") == 0, 10, "release")
        self.mta.command("postsuper", "--expire", "--sender", "list@*")
        self.assertEqual([message["forced_expire"]
                          for message in self.objects("-j", "--sender", "list@*")], [True, True])

    def test_flush_by_filter(self):
        with SmtpSink(address=("127.0.0.1", self.port)) as sink:
            done = self.mta.command("postqueue", "-f", "--recipient", "@one.test", "--dry-run")
            self.assertEqual(done.stdout, "Would be tried now: 2 messages\n")
            self.mta.command("postqueue", "-f", "--recipient", "@one.test")
            messages = sink.wait_messages(2)
            self.assertEqual(sorted(message.recipients[0][0] for message in messages),
                             ["a@one.test", "c@one.test"])
            wait_until(lambda: self.found() == 2, 10, "the others stay")
            self.mta.command("postkick", "public", "qmgr", "IDFA")
            wait_until(lambda: self.found() == 0, 20, "empty queue")

    def test_redirect(self):
        done = self.mta.command("postsuper", "--redirect", "new@four.test", "--sender", "boss@*")
        self.assertIn("postsuper: Redirected: 2 messages", done.stderr)
        with SmtpSink(address=("127.0.0.1", self.port)) as sink:
            deferred = ("--recipient", "new@four.test", "--queue", "deferred")
            wait_until(lambda: self.found(*deferred) == 2 or len(sink.messages) == 2, 20,
                       "the new messages")
            self.mta.command("postqueue", "-f", "--recipient", "new@four.test")
            messages = sink.wait_messages(2)
        self.assertEqual({(m.sender, m.recipients[0][0]) for m in messages},
                         {("boss@sales.test", "new@four.test")})
        self.assertEqual(self.found("--sender", "list@*"), 2)

    def test_qshape(self):
        lines = self.mta.command("qshape", "deferred").stdout.splitlines()
        self.assertEqual(lines[0].split(), "T 5 10 20 40 80 160 320 640 1280 1280+".split())
        self.assertEqual(lines[1].split(), ["TOTAL", "4", "4"] + ["0"] * 9)
        self.assertEqual(lines[2].split()[:3], ["one.test", "2", "2"])
        lines = self.mta.command("qshape", "-s", "deferred").stdout.splitlines()
        self.assertEqual({line.split()[0] for line in lines[2:]}, {"sales.test", "news.test"})

    def test_postkick_knows_when_nobody_is_there(self):
        for words in (("public", "nobody", "W"), ("secret", "qmgr", "D"), ("public", "../x", "D")):
            done = self.mta.command("postkick", *words, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("perhaps the mail system is down", done.stderr)

    def test_postlock(self):
        with tempfile.TemporaryDirectory() as folder:
            box = folder + "/box"
            done = self.mta.command("postlock", box, "sh", "-c", f"ls {folder}; exit 3",
                                    check=False)
            self.assertEqual((done.returncode, done.stdout), (3, "box\nbox.lock\n"))
            self.assertEqual(os.listdir(folder), ["box"])
            cases = {("-l", "bogus", box, "true"): 75, (folder + "/no/box", "true"): 75,
                     (box,): 75, (box, "/nonexistent"): 1, (box, "sh", "-c", "kill -9 $$"): 1,
                     ("-l", "flock", box, "true"): 0}
            for words, status in cases.items():
                done = self.mta.command("postlock", *words, check=False)
                self.assertEqual(done.returncode, status, done.stderr)
            self.mta.write_main_cf(deliver_lock_attempts="1")
            with subprocess.Popen(["flock", box, "sleep", "30"]) as holder:
                wait_until(lambda: self.mta.command("postlock", "-l", "flock", box, "true",
                                                    check=False).returncode == 75,
                           10, "a lock that somebody else has")
                holder.kill()


if __name__ == "__main__":
    ports.main()
