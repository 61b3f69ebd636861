#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""drop(8) in a private instance, and postbadmail(1) on what it stored."""
import os
import pwd
import shutil
import tempfile
import unittest

from harness import Instance
from ports import main, wait_until

USER = pwd.getpwnam("nobody")


class DropTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="posthouse-drop-")
        os.chown(cls.folder, USER.pw_uid, USER.pw_gid)
        os.chmod(cls.folder, 0o755)
        cls.mta = Instance(start=False, params={
            "relay_domains": "d.test bad.test gone.test",
            "transport_maps": "inline:{ {d.test = pick:}, {bad.test = badmail:}, "
                              "{gone.test = gone:} }"},
            master=[f"pick unix - n n - - drop user=nobody directory={cls.folder} mode=0644",
                    "gone unix - n n - - pipe user=nobody argv=/bin/sh -c {exit 67}"])
        cls.bad = cls.mta.directory + "/data/bad"
        cls.mta.write_main_cf(badmail_directory=cls.bad)
        cls.mta.start()

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()
        shutil.rmtree(cls.folder)

    def store_bad(self, sender, recipients, body):
        """Leaves a message with the badmail service; its name."""
        before = set(os.listdir(self.bad)) if os.path.isdir(self.bad) else set()
        self.mta.send(sender, recipients, b"Subject: x\r\n\r\n" + body)

        def fresh():
            found = set(os.listdir(self.bad)) if os.path.isdir(self.bad) else set()
            return [name for name in found - before if name.endswith(".eml")]
        wait_until(fresh, 20, "a file in the directory")
        return fresh()[0][:-len(".eml")]

    def command(self, *words):
        return self.mta.command("postbadmail", "-c", self.mta.config, *words, check=False)

    def test_one_file_for_all_recipients(self):
        self.mta.send("a@x.test", ["one@d.test", "two@d.test"], b"Subject: x\r\n\r\n.hello\r\n")
        lines = self.mta.wait_log(r"drop\[\d+\]: (\w+): to=<(?:one|two)@d.test>, relay=pick, .*"
                                  r"status=sent \(delivered to drop directory\)", 2)
        queue_id = lines[0].group(1)
        with open(f"{self.folder}/{queue_id}.eml", encoding="ascii") as file:
            text = file.read()
        self.assertTrue(text.startswith(
            "X-Envelope-From: <a@x.test>\nX-Envelope-To: <one@d.test>\n"
            f"X-Envelope-To: <two@d.test>\nX-Queue-ID: {queue_id}\nX-Next-Hop: d.test\n"), text)
        self.assertIn("\nSubject: x\n", text)
        self.assertTrue(text.endswith("\n\n.hello\n"), text)
        status = os.stat(f"{self.folder}/{queue_id}.eml")
        self.assertEqual((status.st_uid, status.st_mode & 0o777), (USER.pw_uid, 0o644))

    def test_badmail_is_listed_and_removed(self):
        one = self.store_bad("", ["lost@bad.test"], b"X-Envelope-To: <forged@d.test>\r\n")
        two = self.store_bad("b@x.test", ["c@bad.test", "d@bad.test"], b"hello\r\n")
        listed = self.command("list")
        self.assertRegex(listed.stdout, rf"(?m)^{one} [-0-9]+ [:0-9]+ from=<> to=<lost@bad.test>$")
        self.assertRegex(listed.stdout, rf"(?m)^{two} .* from=<b@x.test> "
                                        r"to=<c@bad.test>,<d@bad.test>$")
        self.assertEqual(self.command("remove", one).returncode, 0)
        self.assertNotIn(one, self.command("list").stdout)
        self.assertEqual(self.command("remove", one).stderr,
                         f"postbadmail: no such message: {one}\n")
        for name in ("../x", ".hidden", "a/b", ""):
            done = self.command("remove", name)
            self.assertEqual((done.returncode, done.stderr),
                             (1, f"postbadmail: bad name: {name}\n"))
        self.assertEqual(self.command("remove", two + ".eml").returncode, 0)

    def test_notices_that_fail_are_kept(self):
        self.mta.send("a@gone.test", ["b@gone.test"], b"Subject: first\r\n\r\nx\r\n")
        notice = self.mta.wait_log(r"(\w+): to=<a@gone.test>, relay=gone, .*dsn=5.1.1, "
                                   r"status=bounced \(user unknown\)")[0].group(1)
        path = f"{self.bad}/{notice}.eml"
        wait_until(lambda: os.path.exists(path), 20, "the notice in the directory")
        self.mta.wait_log(rf"{notice}: removed")
        with open(path, encoding="ascii") as file:
            text = file.read()
        self.assertTrue(text.startswith(
            f"X-Envelope-From: <>\nX-Envelope-To: <a@gone.test>\nX-Queue-ID: {notice}\n"
            "X-Next-Hop: user unknown\n"), text)
        self.assertIn("Subject: Undelivered Mail Returned to Sender\n", text)
        self.assertIn("Subject: first\n", text)
        self.assertEqual(self.command("remove", notice).returncode, 0)

    def test_links_in_the_directory_are_not_followed(self):
        name = self.store_bad("", ["lost@bad.test"], b"x\r\n")
        os.symlink("/etc/shadow", self.bad + "/link.eml")
        self.addCleanup(os.unlink, self.bad + "/link.eml")
        self.assertNotIn("root:", self.command("list").stdout)
        self.assertEqual(self.command("resend", "-t", "one@d.test", "link").returncode, 1)
        self.command("remove", name)

    def test_badmail_is_sent_again(self):
        program = os.path.join(self.mta.programs.command_directory, "sendmail")
        if not os.path.exists(program):
            self.skipTest("this tree has no sendmail")
        name = self.store_bad("", ["lost@bad.test"], b".hello\r\n.\r\nend\r\n")
        done = self.command("resend", "-t", "again@d.test", name)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        line = self.mta.wait_log(r"drop\[\d+\]: (\w+): to=<again@d.test>, .*status=sent")[0]
        with open(f"{self.folder}/{line.group(1)}.eml", encoding="ascii") as file:
            text = file.read()
        self.assertIn("X-Envelope-From: <>\nX-Envelope-To: <again@d.test>\n", text)
        self.assertTrue(text.endswith("\n.hello\n.\nend\n"), text)
        self.assertNotIn(name, self.command("list").stdout)

    def test_wrong_calls_are_told(self):
        for words in ((), ("list", "x"), ("remove",), ("resend",), ("unknown",), ("-x",)):
            done = self.command(*words)
            self.assertEqual(done.returncode, 64, words)
            self.assertIn("usage: postbadmail", done.stderr)


if __name__ == "__main__":
    main()
