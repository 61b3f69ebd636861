#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""FILE.db of Debian's postmap and postalias in an instance with a jailed smtpd, as they lie."""
import os
import random
import smtplib
import subprocess
import tempfile
import unittest

import peers
from harness import Instance, OURS
from ports import main, wait_until
from smtp_sink import SmtpSink

VIRTUAL = "virt.test x\nv@virt.test far@far.test\n"
ALIASES = "team: one@far.test,\n two@far.test\nother: team@local.test\n"
BAD_LOG = r"killed by signal|panic|exit status|status 1"


class BerkeleyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postfix = peers.postfix_programs()
        cls.folder = cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="posthouse-berkeley-"))
        os.chmod(cls.folder, 0o755)
        cls.path("main.cf", "compatibility_level = 3.6\n")
        cls.virtual = cls.build("virtual", VIRTUAL)
        cls.aliases = cls.build("aliases", ALIASES, "postalias")
        cls.domains = cls.build("domains", "".join(f"d{n}.test x\n" for n in range(2000)),
                                kind="btree")
        sink = cls.enterClassContext(SmtpSink())
        cls.mta = cls.enterClassContext(Instance(params={
            "relayhost": f"[127.0.0.1]:{sink.port}", "mydestination": "local.test",
            "alias_maps": "hash:" + cls.aliases, "local_recipient_maps": "$alias_maps",
            "virtual_alias_maps": "hash:" + cls.virtual, "smtpd_hard_error_limit": "10000",
            "smtpd_soft_error_limit": "10000", "relay_domains": "btree:" + cls.domains,
            "smtpd_relay_restrictions": "reject_unauth_destination",
        }, master=["smtp inet n - y - - smtpd"]))

    def setUp(self):
        if os.path.exists(self.virtual + ".lmdb"):
            os.unlink(self.virtual + ".lmdb")
        self.build("virtual", VIRTUAL)
        wait_until(lambda: self.replies("v@virt.test", "w@virt.test", "z@virt.test") ==
                   [250, 550, 550], 10, "the first table")

    @classmethod
    def path(cls, name, text):
        path = os.path.join(cls.folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    @classmethod
    def build(cls, name, text, command="postmap", kind="hash"):
        """The source NAME and its NAME.db, by Debian's command."""
        path = cls.path(name, text)
        subprocess.run([f"{cls.postfix.command_directory}/{command}", "-c", cls.folder,
                        f"{kind}:{path}"], check=True, capture_output=True,
                       env={**os.environ, **cls.postfix.environment})
        return path

    def client(self):
        return self.enterContext(smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=20))

    @staticmethod
    def rcpt(client, recipient):
        client.ehlo_or_helo_if_needed()
        client.mail("a@x.test")
        code = client.rcpt(recipient)[0]
        client.rset()
        return code

    def replies(self, *recipients):
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=20) as client:
            return [self.rcpt(client, recipient) for recipient in recipients]

    def test_work_unchanged(self):
        self.assertFalse(os.path.exists(self.virtual + ".lmdb"))
        self.assertEqual(self.replies("v@virt.test", "no@virt.test", "team@local.test",
                                      "no@local.test", "x@d1999.test", "x@d2000.test"),
                         [250, 550, 250, 550, 250, 554])
        self.mta.send("a@x.test", ["v@virt.test", "other@local.test"], b"Subject: x\r\n\r\nx\r\n")
        for address, origin in (("far", "v@virt"), ("one", "other@local"), ("two", "other@local")):
            self.mta.wait_log(rf"to=<{address}@far.test>, orig_to=<{origin}.test>.*status=sent")
        self.mta.wait_empty()

    def test_changes_of_theirs_and_ours_are_seen(self):
        open_before = self.client()
        self.assertEqual(self.rcpt(open_before, "w@virt.test"), 550)
        self.build("virtual", VIRTUAL + "w@virt.test far@far.test\n")
        wait_until(lambda: self.replies("w@virt.test") == [250], 10, "their change")
        if not OURS:  # Sees no second change within a second.
            return
        self.path("virtual", VIRTUAL + "z@virt.test far@far.test\n")
        self.mta.command("postmap", "hash:" + self.virtual)
        self.assertTrue(os.path.exists(self.virtual + ".lmdb"))
        wait_until(lambda: self.replies("z@virt.test", "w@virt.test") == [250, 550], 10,
                   "our change")

    def test_postmap_reads_them(self):
        got = self.mta.command("postmap", "-q", "V@virt.test", "hash:" + self.virtual).stdout
        self.assertEqual(got, "far@far.test\n")
        lines = self.mta.command("postmap", "-s", "btree:" + self.domains).stdout.splitlines()
        self.assertEqual(lines, sorted(f"d{n}.test\tx" for n in range(2000)))
        if OURS:  # Changes begin with what FILE.db has.
            self.mta.command("postmap", "-d", "virt.test", "hash:" + self.virtual)
            got = self.mta.command("postmap", "-s", "hash:" + self.virtual).stdout
            self.assertEqual(got, "v@virt.test\tfar@far.test\n")

    @unittest.skipUnless(OURS, "Postfix ends at some of this")
    def test_damage_is_temporary_and_no_daemon_dies(self):
        with open(self.virtual + ".db", "rb") as file:
            good = file.read()
        client = self.client()
        self.assertEqual(self.rcpt(client, "v@virt.test"), 250)

        def put(content):
            with open(self.virtual + ".db", "r+b") as file:
                file.write(content)
                file.truncate()
        for size in (0, 300, 5000, len(good) - 1):
            put(good[:size])
            codes = {self.rcpt(client, address) for address in ("v@virt.test", "no@virt.test")}
            self.assertIn(451, codes, size)
            self.assertNotIn(500, codes, size)
        dice = random.Random(1)
        for _ in range(300):
            bad = bytearray(good)
            for _ in range(3):
                page = dice.randrange(len(good) // 4096) * 4096
                bad[page + dice.randrange(200)] = dice.randrange(256)
            put(bad)
            self.assertIn(self.rcpt(client, "v@virt.test"), (250, 451, 550, 554))
        put(good)
        self.assertEqual(self.rcpt(client, "v@virt.test"), 250)
        self.assertEqual(self.replies("v@virt.test"), [250])
        self.assertNotRegex(self.mta.log(), BAD_LOG)

    @unittest.skipUnless(OURS, "the check is ours")
    def test_a_start_needs_either_file(self):
        self.mta.command("postfix", "check")
        os.unlink(self.virtual + ".db")
        done = self.mta.command("postfix", "check", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"postmap {self.virtual}", done.stdout + done.stderr + self.mta.log())


if __name__ == "__main__":
    main()
