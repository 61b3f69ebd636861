# SPDX-License-Identifier: Apache-2.0
"""QF-02, QF-03, QF-04: planted queue files, and the commands of the queue in hostile hands."""
import grp
import json
import os
import shutil
import subprocess
import unittest

import rig  # noqa: F401  (finds the modules of tests/live)
import harness
import ports
from ports import wait_until
from smtp_sink import SmtpSink

NOBODY = 65534
BODY = b"Subject: x\r\n\r\nhello\r\n"
HOSTILE = '"evil\\"}], \\"queue_id\\": \\""@ours.test'


class QueueTools(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = SmtpSink({"rcpt": {"later@ours.test": "450 4.2.0 later\x1b[2J", "*": "250 ok"}})
        cls.mta = harness.Instance(params={"relayhost": f"[127.0.0.1]:{cls.sink.port}",
                                           "relay_domains": "ours.test"})

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()
        cls.sink.close()

    def setUp(self):
        self.mta.command("postsuper", "-d", "ALL")
        wait_until(lambda: not self.mta.queued(), 10, "empty queue")

    def waiting(self):
        """The id of a message that waits in deferred, and its file."""
        self.mta.send("victim@ours.test", ["later@ours.test"], BODY)
        wait_until(lambda: [m["queue_name"] for m in self.mta.queued()] == ["deferred"], 20,
                   "a deferred message")
        queue_id = self.mta.queued()[0]["queue_id"]
        return queue_id, self.path(queue_id)

    def path(self, queue_id):
        for folder, _, names in os.walk(self.mta.queue):
            if queue_id in names:
                return os.path.join(folder, queue_id)
        return None

    def borrowed(self, name):
        """The command set-gid, as it is installed."""
        folder = self.mta.directory + "/setgid"
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, name)
        shutil.copy(os.path.join(self.mta.programs.command_directory, name), path)
        shutil.chown(path, "root", harness.GROUP)
        os.chmod(path, 0o2755)
        return path

    def as_nobody(self, path, *words, gid=NOBODY):
        return subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={gid}", "--clear-groups",
                               path, *words], env=self.mta.environment, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=30,
                              check=False)

    def with_group(self, *words):
        """postqueue by nobody with the group's rights. A set-gid one would not take our private
        configuration, as the last test shows."""
        path = os.path.join(self.mta.programs.command_directory, "postqueue")
        return self.as_nobody(path, *words, gid=grp.getgrnam(harness.GROUP).gr_gid)

    def plant(self, name, source, make):
        """A file that was not made by cleanup, in incoming."""
        path = os.path.join(self.mta.queue, "incoming", name)
        make(source, path)
        return path

    def test_QF_02_planted_files_are_neither_delivered_nor_followed(self):
        queue_id, path = self.waiting()
        copy = self.mta.directory + "/copy"
        shutil.copy2(path, copy)
        os.chmod(copy, 0o700)
        self.mta.command("postsuper", "-d", queue_id)
        secret = self.mta.directory + "/secret"
        with open(secret, "w", encoding="ascii") as file:
            file.write("secret of root\n")

        def foreign(source, to):
            shutil.copy(source, to)
            os.chown(to, NOBODY, NOBODY)
            os.chmod(to, 0o700)

        def writable(source, to):
            shutil.copy(source, to)
            shutil.chown(to, harness.OWNER)
            os.chmod(to, 0o722)

        planted = [self.plant("AAAAAA1", copy, foreign), self.plant("AAAAAA2", copy, writable),
                   self.plant("AAAAAA3", copy, os.link),
                   self.plant("AAAAAA4", secret, os.symlink),
                   self.plant("AAAAAA5", "/etc/shadow", os.symlink),
                   self.plant("AAAAAA6", copy, lambda _, to: os.mkfifo(to, 0o700))]
        before = len(self.sink.messages)
        for place in planted:
            os.utime(place, (1, 1), follow_symlinks=False)
        self.mta.reload()
        self.mta.send("a@ours.test", ["b@ours.test"], BODY)
        wait_until(lambda: len(self.sink.messages) > before, 20, "other mail flows")
        wait_until(lambda: not os.path.lexists(planted[0]) or "AAAAAA1" in self.mta.log(), 20,
                   "a word about the planted files")
        self.mta.command("postqueue", "--count")
        self.assertEqual([m.sender for m in self.sink.messages[before:]], ["a@ours.test"])
        with open(secret, encoding="ascii") as file:
            self.assertEqual(file.read(), "secret of root\n")
        shown = self.mta.command("postqueue", "-p").stdout + self.mta.command(
            "postqueue", "-j", "--older", "0s").stdout
        self.assertNotIn("secret of root", shown)
        for folder in ("incoming", "active", "corrupt"):
            for name in os.listdir(os.path.join(self.mta.queue, folder)):
                os.remove(os.path.join(self.mta.queue, folder, name))

    def test_QF_02_a_time_in_the_future_does_not_hide_a_message(self):
        queue_id, path = self.waiting()
        os.utime(path, (2 ** 33, 2 ** 33))
        self.assertEqual(self.mta.queued()[0]["queue_id"], queue_id)
        self.mta.command("postsuper", "-d", queue_id)
        self.assertIsNone(self.path(queue_id))

    def test_QF_03_what_is_shown_stays_parseable(self):
        self.mta.send('"\\"x\\\\"@ours.test', ["later@ours.test", HOSTILE.replace("evil", "later")],
                      BODY)
        self.mta.send("a@ours.test", ["later@ours.test"], BODY)
        wait_until(lambda: "450" in json.dumps(self.mta.queued()), 20, "deferred mail")
        self.mta.command("postsuper", "-h", "ALL")
        for words in (("-j",), ("-j", "--queue", "hold"), ("--group-by", "sender", "--json"),
                      ("--group-by", "reason", "--json"), ("--why", "ours.test", "--json")):
            text = self.mta.command("postqueue", *words).stdout
            for line in text.splitlines():
                self.assertNotEqual(json.loads(line).get("queue_id"), "")
            self.assertNotRegex(text, r"[\x00-\x09\x0b-\x1f\x7f]", words)
        for words in (("-p",), ("-p", "--queue", "hold"), ("--why", "ours.test")):
            self.assertNotRegex(self.mta.command("postqueue", *words).stdout,
                                r"[\x00-\x09\x0b-\x1f\x7f]", words)

    def test_QF_04_ids_that_are_none_have_no_effect(self):
        queue_id, path = self.waiting()
        for bad in ("../x", "ALL", "A", "-", "", f"../deferred/{queue_id}", "/etc/passwd",
                    queue_id + "\n", "A" * 100_000, "*", "%s%n"):
            for run in (self.with_group, lambda *words: self.as_nobody(
                    self.borrowed("postqueue"), *words)):
                done = run("-i", bad)
                self.assertEqual(done.returncode, 64, done.stderr[:300])
            done = self.with_group("--why", bad or " ")
            self.assertIn(done.returncode, (0, 64), done.stderr[:300])
            self.assertNotIn("root:", done.stdout)
        for bad in ("../x", "A", f"../deferred/{queue_id}"):
            self.mta.command("postsuper", "-d", bad)
            self.mta.command("postsuper", "-h", bad)
        self.assertTrue(os.path.exists(path))
        self.assertEqual(self.mta.queued()[0]["queue_name"], "deferred")

    def test_QF_04_nobody_changes_nothing(self):
        queue_id, path = self.waiting()
        for name in ("postsuper", "postqueue"):
            for words in (("-d", queue_id), ("-d", "ALL"), ("--delete", "--all"),
                          ("--hold", "--sender", "*"), ("-r", "ALL"), ("-e", "ALL")):
                done = self.as_nobody(self.borrowed(name), *words)
                self.assertNotEqual(done.returncode, 0, (name, words))
        self.assertTrue(os.path.exists(path))
        self.assertEqual(self.mta.queued()[0]["queue_name"], "deferred")

    def test_QF_04_users_who_may_not_look_are_told_nothing(self):
        queue_id, _ = self.waiting()
        self.assertIn(queue_id, self.with_group("-p").stdout)
        self.assertIn("1 message,", self.with_group("--count").stdout)
        self.mta.write_main_cf(authorized_mailq_users="root", authorized_flush_users="root")
        try:
            for words in (("-p",), ("-j",), ("--count",), ("--group-by", "sender"),
                          ("--why", queue_id), ("-p", "--sender", "*"), ("-f",), ("-i", queue_id),
                          ("-f", "--sender", "*"), ("-s", "ours.test")):
                done = self.with_group(*words)
                self.assertEqual((done.returncode, done.stdout), (77, ""), words)
                self.assertRegex(done.stderr, r"is not allowed to (view|flush) the mail queue")
        finally:
            self.mta.write_main_cf(authorized_mailq_users="static:anyone",
                                   authorized_flush_users="static:anyone")

    def test_QF_04_a_set_gid_command_takes_no_configuration_of_the_caller(self):
        queue_id, _ = self.waiting()
        for words in (("-p",), ("-p", "-c", self.mta.config), ("--why", queue_id)):
            done = self.as_nobody(self.borrowed("postqueue"), *words)
            self.assertEqual((done.returncode, done.stdout), (69, ""), words)
            self.assertIn("unauthorized configuration directory", done.stderr)

    def test_QF_04_the_sockets_are_closed_to_others(self):
        for socket in ("public/qmgr", "public/showq"):
            code = ("import socket, sys; s = socket.socket(socket.AF_UNIX); "
                    f"s.connect({os.path.join(self.mta.queue, socket)!r})")
            done = self.as_nobody("/usr/bin/python3", "-c", code)
            self.assertIn("PermissionError", done.stderr)

if __name__ == "__main__":
    ports.main()
