#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks on virtual(8) and pipe(8): mailboxes that lead elsewhere, tables that give away rights,
names made for a shell, disks that are full. What must hold is told by files that did not change."""
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from harness import Instance  # noqa: E402
from ports import main  # noqa: E402

USER = pwd.getpwnam("nobody")
SECRET = "secret\n"
BOXES = {"link": "link", "hard": "hard", "fifo": "fifo", "folder": "folder", "device": "device",
         "foreign": "foreign", "dir": "dir/", "lost": "lost/", "full": "small/full",
         "fulldir": "small/box/", "limit": "limit", "uid0": "uid0", "gid0": "gid0",
         "up": "../up", "deep": "a/../../up"}


def inline(entries):
    rows = ", ".join(f"{{ {key} = {value} }}" for key, value in entries.items())
    return "inline:{ " + rows + " }"


class Attacks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp(prefix="posthouse-agents-")
        os.chmod(cls.work, 0o755)
        cls.base = cls.work + "/base"
        os.makedirs(cls.base + "/small")
        cls.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none",
                                      cls.base + "/small"], check=False).returncode == 0
        for path in (cls.base, cls.base + "/small"):
            os.chown(path, USER.pw_uid, USER.pw_gid)
        uids = {f"{name}@v.test": 0 if name == "uid0" else USER.pw_uid for name in BOXES}
        gids = {f"{name}@v.test": 0 if name == "gid0" else USER.pw_gid for name in BOXES}
        cls.mta = Instance(params={
            "virtual_mailbox_domains": "v.test", "virtual_mailbox_base": cls.base,
            "virtual_mailbox_maps": inline({f"{n}@v.test": p for n, p in BOXES.items()}),
            "virtual_uid_maps": inline(uids), "virtual_gid_maps": inline(gids),
            "virtual_mailbox_limit": "200000", "message_size_limit": "200000",
            "relay_domains": "p.test", "recipient_delimiter": "+", "deliver_lock_attempts": "1",
            "transport_maps": "inline:{ {p.test = words:} }"}, master=[
                "words unix - n n - - pipe user=nobody argv=/bin/sh -c "
                "{cat >/dev/null; printf '<%s>' \"$$@\"; env | sort | cut -d= -f1; "
                "ls /proc/$$$$/fd} "
                "sh ${user} ${extension} x${sender} ${client_helo} end"])

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()
        if cls.mounted:
            subprocess.run(["umount", cls.base + "/small"], check=False)
        shutil.rmtree(cls.work)

    def path(self, name):
        return os.path.join(self.base, name)

    def deliver(self, recipient, body=b"hello\r\n", sender="a@x.test", helo="client.test"):
        """Sends a message; "DSN STATUS (TEXT)" of its delivery."""
        key = f"{time.monotonic_ns():x}"
        self.mta.send(sender, [recipient], f"Message-ID: <{key}@x.test>\r\n\r\n".encode() + body,
                      helo=helo)
        queue_id = self.mta.wait_log(rf"(\w+): message-id=<{key}@x.test>")[0].group(1)
        line = self.mta.wait_log(rf"(?:virtual|pipe)\[\d+\]: {queue_id}: to=.*")[0].group(0)
        return line[line.index("dsn=") + 4:].replace(", status=", " ")

    def victim(self):
        path = self.work + "/victim"
        with open(path, "w", encoding="ascii") as file:
            file.write(SECRET)
        os.chmod(path, 0o666)  # Writable for everybody: only care protects it.
        return path

    def assert_untouched(self):
        with open(self.work + "/victim", encoding="ascii") as file:
            self.assertEqual(file.read(), SECRET)

    def test_loc_01_links(self):
        os.symlink(self.victim(), self.path("link"))
        os.lchown(self.path("link"), USER.pw_uid, USER.pw_gid)
        self.assertRegex(self.deliver("link@v.test"), r"^4.2.0 deferred .*symbolic link")
        os.link(self.work + "/victim", self.path("hard"))
        self.assertRegex(self.deliver("hard@v.test"), r"^4.2.0 deferred .*2 hard links")
        self.assert_untouched()

    def test_loc_01_no_regular_files(self):
        os.mkfifo(self.path("fifo"), 0o666)
        os.mkdir(self.path("folder"))
        os.mknod(self.path("device"), 0o20666, os.makedev(1, 3))
        os.chmod(self.path("device"), 0o666)
        with open(self.path("foreign"), "w", encoding="ascii") as file:
            file.write(SECRET)
        os.chmod(self.path("foreign"), 0o666)
        for name, want in (("fifo", r"file is a pipe"), ("folder", "Is a directory"),
                           ("device", "mail system configuration error"),
                           ("foreign", "is not owned by recipient")):
            self.assertRegex(self.deliver(f"{name}@v.test"), rf"^\d\.\d\.\d \w+ \(.*{want}\)")
        with open(self.path("foreign"), encoding="ascii") as file:
            self.assertEqual(file.read(), SECRET)

    def test_loc_06_no_shell_and_no_environment(self):
        bad = self.work + "/bad"
        local = f"$(touch${{IFS}}{bad});`id`|id&x"
        outcome = self.deliver(f'"{local}"@p.test', sender='"a;id"@x.test')
        self.assertTrue(outcome.startswith(f"2.0.0 sent (delivered via words service (<{local}>"),
                        outcome)
        self.assertFalse(os.path.exists(bad))
        outcome = self.deliver("u@p.test", sender="")
        self.assertIn("<u><><xMAILER-DAEMON><client.test><end>", outcome)
        names = outcome.split("<end>")[1].split()
        self.assertEqual([name for name in names if name.isupper()],
                         [name for name in ("LANG", "MAIL_CONFIG", "OLDPWD", "PATH", "PWD", "TZ")
                          if name in names])

    def test_loc_06_words_that_look_like_options(self):
        self.assertEqual(self.deliver("u+-rf@p.test"),
                         '5.1.3 bounced (bad address syntax: "-rf")')

    def test_loc_08_maildir_gets_whole_messages_only(self):
        os.makedirs(self.path("lost/tmp"))  # Root's: the user cannot write there.
        self.assertRegex(self.deliver("lost@v.test"), r"^4.2.0 deferred .*Permission denied")
        self.assertEqual(os.listdir(self.path("lost")), ["tmp"])
        if not self.mounted:
            self.skipTest("no small file system can be mounted here")
        self.assertRegex(self.deliver("fulldir@v.test", b"y" * 70 + b"\r\n" + b"z\r\n" * 40_000),
                         r"^4.3.0 deferred .*No space left on device")
        self.assertEqual(os.listdir(self.path("small/box/tmp")), [])
        self.assertFalse(os.path.isdir(self.path("small/box/new"))
                         and os.listdir(self.path("small/box/new")))

    def test_loc_09_mailbox_keeps_its_length(self):
        with open(self.path("limit"), "w", encoding="ascii") as file:
            file.write("x" * 150_000)
        os.chown(self.path("limit"), USER.pw_uid, USER.pw_gid)
        self.assertRegex(self.deliver("limit@v.test", b"z\r\n" * 40_000),
                         r"^5.2.2 bounced .*File too large")
        self.assertEqual(os.path.getsize(self.path("limit")), 150_000)
        if not self.mounted:
            self.skipTest("no small file system can be mounted here")
        with open(self.path("small/full"), "w", encoding="ascii") as file:
            file.write("old\n")
        os.chown(self.path("small/full"), USER.pw_uid, USER.pw_gid)
        self.assertRegex(self.deliver("full@v.test", b"z\r\n" * 40_000),
                         r"^4.3.0 deferred .*No space left on device")
        self.assertEqual(os.path.getsize(self.path("small/full")), 4)

    def test_loc_10_tables_that_give_too_much(self):
        for name in ("uid0", "gid0", "up", "deep"):
            self.assertEqual(self.deliver(f"{name}@v.test"),
                             "4.3.5 deferred (mail system configuration error)")
            self.assertFalse(os.path.exists(self.path(name)))
        self.assertFalse(os.path.exists(self.work + "/up"))

    def test_pd_04_only_three_descriptors(self):
        outcome = self.deliver("u@p.test")
        words = outcome.rstrip(")").split()
        self.assertEqual([word for word in words if word.isdigit()], ["0", "1", "2"])


if __name__ == "__main__":
    main()
