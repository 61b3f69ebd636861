# SPDX-License-Identifier: Apache-2.0
"""The programs of this host that send mail by running sendmail, each as it is: what they hand over
arrives. A program that is missing is skipped by name."""
import contextlib
import mailbox
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import peers
import ports
from harness import BUILDDIR
from host import WORLD, Host
from smtp_sink import SmtpSink

# Not installed for the tests: they depend on a mail system, or on much that is not needed here.
UNPACKED = ("bsd-mailx", "cron", "mdadm", "logwatch", "smartmontools", "unattended-upgrades")


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
        cls.mailboxes = tempfile.mkdtemp(prefix="mailboxes-")
        cls.addClassCleanup(shutil.rmtree, cls.mailboxes)
        os.chmod(cls.mailboxes, 0o1777)
        cls.host = cls.enterClassContext(Host(
            relay_to=cls.sink, packages=fetched(UNPACKED),
            params={"mydestination": "$myhostname", "mail_spool_directory": cls.mailboxes}))

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

    def mailbox(self, user):
        path = f"{self.mailboxes}/{user}"
        ports.wait_until(lambda: os.path.exists(path) and os.path.getsize(path), 20, path)
        with contextlib.closing(mailbox.mbox(path)) as box:
            return list(box)

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

    def test_cron(self):
        """Debian's cron with a crontab of a user and one of the system: what jobs print arrives in
        the users' mailboxes. Jobs of start-up run at once; those of the clock go the same way."""
        self.needs("cron")
        world = "/var/spool/cron/crontabs"
        self.file("crontab", "@reboot printf 'out\\n.\\nput\\n'\n")
        self.file("etc/crontab", "SHELL=/bin/sh\n@reboot daemon echo system; echo error >&2\n"
                  "@reboot daemon true\n")
        script = (f"mount -t tmpfs none /run; mount -t tmpfs none /var/spool; mkdir -p {world}; "
                  f"install -m 600 -o games {self.host.root}/crontab {world}/games")
        boxes = f"{self.mailboxes}/games {self.mailboxes}/daemon"
        self.run_ok(["sh", "-c", "cron -f & cron=$!; n=0; "
                     f"until ls {boxes} || [ $((n += 1)) = 100 ]; do sleep 0.1; done; "
                     "kill $cron; wait $cron; true"], user="root", script_before=script)
        message, = self.mailbox("games")
        self.assertRegex(message["Subject"], "^Cron <games@.*> printf ")
        self.assertEqual(message["From"], "root@mail.posthouse.test (Cron Daemon)")
        self.assertEqual(message["X-Cron-Env"], "<SHELL=/bin/sh>")
        self.assertEqual(message.get_payload(), "out\n.\nput\n")
        message, = self.mailbox("daemon")
        self.assertEqual(message.get_payload(), "system\nerror\n")

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
        """smartd looks at a disk that is about to fail (failing_disk.cc), and tells."""
        self.needs("smartmontools")
        self.needs("bsd-mailx")
        disk = self.file("disk", "")
        config = self.file("smartd.conf", f"{disk} -d ata -H -m b@c.test -M exec "
                           "/usr/share/smartmontools/smartd-runner\n")
        preloaded = os.path.join(BUILDDIR, "tests/live/failing_disk.so")
        if not os.path.exists(preloaded):
            ports.skip("make tests/live/failing_disk.so")
        shutil.copy(preloaded, self.host.root + "/failing_disk.so")
        mail = f"ln -sf /usr/bin/bsd-mailx {self.host.root}/usr/bin/mail"
        self.run_ok(["env", f"LD_PRELOAD={self.host.root}/failing_disk.so", "smartd", "-d", "-q",
                     "onecheck", "-c", config], user="root", script_before=mail)
        got = self.got(rb"Subject: SMART error \(Health\) detected on host: ")
        self.assertEqual(got.recipients[0][0], "b@c.test")
        self.assertIn(b"FAILED SMART self-check. BACK UP DATA NOW!", got.data)

    def test_unattended_upgrades(self):
        """The whole program, in a system that has no packages to upgrade."""
        self.needs("unattended-upgrades")
        if subprocess.run(["/usr/bin/python3", "-c", "import apt, apt_pkg, distro_info"],
                          capture_output=True, check=False).returncode:
            ports.skip("unattended-upgrades needs python3-apt and python3-distro-info")
        self.file("etc/apt/apt.conf.d/99test", 'Unattended-Upgrade::Mail "b@c.test";\n'
                  'Unattended-Upgrade::MailReport "always";\n')
        script = (
            "for f in /var/lib/apt /var/lib/dpkg /var/cache/apt /var/log /run; do "
            "mount -t tmpfs none $f; done; cd /var/lib; mkdir -p apt/lists/partial apt/periodic "
            "dpkg/info dpkg/updates dpkg/triggers /var/cache/apt/archives/partial; "
            "touch dpkg/status; rm -rf /etc/apt/sources.list*; touch /etc/apt/sources.list; cd /")
        self.run_ok(["/usr/bin/unattended-upgrade", "-v"], user="root", script_before=script)
        got = self.got(rb"Subject: unattended-upgrades result for .*: SUCCESS\r\n")
        self.assertEqual(got.recipients[0][0], "b@c.test")
        self.assertIn(b"No packages found that can be upgraded", got.data)


if __name__ == "__main__":
    ports.main()
