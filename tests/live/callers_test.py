# SPDX-License-Identifier: Apache-2.0
"""The programs of this host that send mail by running sendmail, each as it is: what they hand over
arrives. A program that is missing is skipped by name."""
import os
import re
import subprocess
import time
import unittest

import peers
import ports
from host import WORLD, Host
from smtp_sink import SmtpSink

# Not installed for the tests: they depend on a mail system, or on much that is not needed here.
UNPACKED = ("bsd-mailx", "mdadm", "logwatch", "smartmontools", "unattended-upgrades")


def fetched(packages):
    """Those that can be had."""
    found = []
    for package in packages:
        try:
            peers.unpacked(package)
            found.append(package)
        except unittest.SkipTest:
            pass
    return found


class Callers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.host = cls.enterClassContext(Host(relay_to=cls.sink, packages=fetched(UNPACKED)))

    def needs(self, program):
        if program in self.host.packages:
            return
        if not any(os.access(f"{folder}/{program}", os.X_OK) for folder in WORLD.split(":")):
            ports.skip(f"{program} is not here")

    def got(self, pattern):
        """The message in which the pattern is found, once it has arrived."""
        mark = re.compile(pattern)
        return ports.wait_until(lambda: next((m for m in self.sink.messages
                                              if mark.search(m.data)), None), 20, pattern.decode())

    def run_ok(self, words, **options):
        done = self.host.run(words, **options)
        self.assertEqual(done.returncode, 0, (done.stdout + done.stderr).decode(errors="replace"))
        return done

    def file(self, name, text, mode=0o644):
        path = f"{self.host.root}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def test_php_mail(self):
        self.needs("php")
        self.run_ok(["php", "-r", 'exit(mail("b@c.test", "from php", "line 1\\nline 2", '
                     '"From: Shop <shop@a.test>\\r\\nCc: d@e.test", "-fbounce@a.test") ? 0 : 1);'])
        got = self.got(rb"Subject: from php\r\n")
        self.assertEqual(got.sender, "bounce@a.test")
        self.assertEqual({a for a, _ in got.recipients}, {"b@c.test", "d@e.test"})
        self.assertIn(b"\r\n\r\nline 1\r\nline 2\r\n", got.data)

    def test_git_send_email(self):
        if not os.path.exists("/usr/lib/git-core/git-send-email"):
            ports.skip("git-email is not here")
        patch = self.file("0001.patch", "From 0123456789012345678901234567890123456789 Mon Sep 17 "
                          "00:00:00 2001\nFrom: Alice <alice@a.test>\nDate: Mon, 1 Jan 2024 "
                          "00:00:00 +0000\nSubject: [PATCH] from git\n\n---\n x | 1 +\n")
        self.run_ok(["git", "-c", "user.name=Alice", "-c", "user.email=alice@a.test", "send-email",
                     "--quiet", "--confirm=never", "--from=alice@a.test", "--to=b@c.test",
                     "--envelope-sender=auto", "--suppress-cc=all", patch])
        got = self.got(rb"Subject: \[PATCH\] from git\r\n")
        self.assertEqual((got.sender, got.recipients[0][0]), ("alice@a.test", "b@c.test"))

    def test_mutt(self):
        self.needs("mutt")
        self.run_ok(["mutt", "-n", "-F", "/dev/null", "-e", "set copy=no", "-e",
                     "set dsn_notify=failure", "-s", "from mutt", "--", "b@c.test"],
                    input="Grüße\n".encode())
        got = self.got(rb"Subject: from mutt\r\n")
        self.assertEqual(got.recipients[0][0], "b@c.test")
        self.assertIn("NOTIFY=FAILURE", got.recipients[0][1])

    def test_s_nail(self):
        self.needs("s-nail")
        self.run_ok(["s-nail", "-n", "-s", "from s-nail", "-r", "alice@a.test", "b@c.test"],
                    input=b"hello\n", environment={"MAILRC": "/dev/null"})
        got = self.got(rb"Subject: from s-nail\r\n")
        self.assertEqual((got.sender, got.recipients[0][0]), ("alice@a.test", "b@c.test"))

    def test_bsd_mailx(self):
        self.needs("bsd-mailx")
        self.run_ok(["bsd-mailx", "-s", "from mailx", "b@c.test"], input=b"hello\n")
        self.assertEqual(self.got(rb"Subject: from mailx\r\n").recipients[0][0], "b@c.test")

    def test_cron_as_it_calls_sendmail(self):
        """Debian's cron runs as root and gives the recipient as an argument."""
        self.run_ok(["sendmail", "-FCronDaemon", "-i", "-B8BITMIME", "-oem", "alice"], user="root",
                    input=b"From: root (Cron Daemon)\nTo: alice\nSubject: Cron <alice@host> true\n"
                          b"MIME-Version: 1.0\nX-Cron-Env: <SHELL=/bin/sh>\n\nout\n.\nput\n")
        got = self.got(rb"Subject: Cron <alice@host> true\r\n")
        self.assertEqual(got.recipients[0][0], "alice@mail.posthouse.test")
        self.assertIn(b"\r\nout\r\n.\r\nput\r\n", got.data)

    def test_mdadm(self):
        self.needs("mdadm")
        config = self.file("etc/mdadm.conf", "MAILADDR b@c.test\nMAILFROM md@a.test\n"
                           "ARRAY /dev/md77 UUID=00000000:00000000:00000000:00000001\n")
        done = self.host.run(["mdadm", "--monitor", "--test", "--oneshot", "--mail=b@c.test",
                              f"--config={config}", "/dev/md77"], user="root")
        try:
            got = self.got(rb"Subject: \w+ event on /dev/md77")
        except TimeoutError:
            if not os.path.exists("/proc/mdstat"):
                ports.skip("no software RAID in this kernel, so mdadm tells of none: "
                           + done.stderr.decode(errors="replace").strip()[:100])
            raise
        self.assertEqual(got.recipients[0][0], "b@c.test")

    def test_logwatch(self):
        self.needs("logwatch")
        logs = self.host.root + "/logs"
        os.makedirs(logs)
        self.file("logs/auth.log", time.strftime("%b %e %H:%M:%S") + " host sshd[1]: Failed "
                  "password for invalid user x from 192.0.2.1 port 22 ssh2\n")
        self.run_ok(["logwatch", "--output", "mail", "--mailto", "b@c.test", "--service", "sshd",
                     "--range", "all", "--logdir", logs], user="root", timeout=60)
        self.assertEqual(self.got(rb"Subject: Logwatch for ").recipients[0][0], "b@c.test")

    def test_smartd(self):
        self.needs("smartmontools")
        self.needs("bsd-mailx")
        text = self.file("smart", "This message was generated by the smartd daemon.\n")
        mail = f"ln -sf /usr/bin/bsd-mailx {self.host.root}/usr/bin/mail"
        self.run_ok(["/etc/smartmontools/run.d/10mail", text, "-s", "SMART error (test)",
                     "b@c.test"], user="root", script_before=mail)
        self.assertEqual(self.got(rb"Subject: SMART error \(test\)").recipients[0][0], "b@c.test")

    def test_unattended_upgrades(self):
        self.needs("unattended-upgrades")
        if subprocess.run(["/usr/bin/python3", "-c", "import apt, apt_pkg, distro_info"],
                          capture_output=True, check=False).returncode:
            ports.skip("unattended-upgrades needs python3-apt and python3-distro-info")
        code = ("import importlib.machinery, importlib.util\n"
                "l = importlib.machinery.SourceFileLoader('uu', '/usr/bin/unattended-upgrade')\n"
                "m = importlib.util.module_from_spec(importlib.util.spec_from_loader('uu', l))\n"
                "l.exec_module(m)\n"
                "m._send_mail_using_sendmail('root', 'b@c.test', 'upgrades result', 'all good')\n")
        self.run_ok(["/usr/bin/python3", "-c", code], user="root")
        self.assertEqual(self.got(rb"Subject: upgrades result\r\n").recipients[0][0], "b@c.test")


if __name__ == "__main__":
    ports.main()
