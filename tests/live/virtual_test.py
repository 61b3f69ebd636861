#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""virtual(8) in a private instance: mail comes in by SMTP and lies in mailboxes."""
import mailbox
import os
import pwd
import shutil
import tempfile
import time
import unittest

from harness import Instance
from ports import main, wait_until

USER = pwd.getpwnam("nobody")


def inline(entries):
    rows = ", ".join(f"{{ {key} = {value} }}" for key, value in entries.items())
    return "inline:{ " + rows + " }"


class VirtualTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = tempfile.mkdtemp(prefix="posthouse-vmail-")
        os.chown(cls.base, USER.pw_uid, USER.pw_gid)
        cls.boxes = {"box@v.test": "box", "dir@v.test": "sub/dir/", "other@v.test": "other/",
                     "small@v.test": "small", "root@v.test": "root", "up@v.test": "../up",
                     "held@v.test": "held"}
        users = {address: USER.pw_uid for address in cls.boxes} | {"root@v.test": 0}
        cls.mta = Instance(params={
            "virtual_mailbox_domains": "v.test", "virtual_mailbox_base": cls.base,
            "virtual_mailbox_maps": inline(cls.boxes), "virtual_uid_maps": inline(users),
            "virtual_gid_maps": f"static:{USER.pw_gid}", "recipient_delimiter": "+",
            "virtual_mailbox_limit": "20000", "message_size_limit": "20000",
            "deliver_lock_attempts": "2"})

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()
        shutil.rmtree(cls.base)

    def path(self, name):
        return os.path.join(self.base, name)

    def deliver(self, recipient, body=b"hello\r\nFrom here\r\n", sender="a@x.test"):
        """Sends a message; the log line of its delivery."""
        key = f"{time.monotonic_ns():x}"
        self.mta.send(sender, [recipient],
                      b"Subject: %s\r\nMessage-ID: <%s@x.test>\r\n\r\n%s"
                      % (key.encode(), key.encode(), body))
        queue_id = self.mta.wait_log(rf"(\w+): message-id=<{key}@x.test>")[0].group(1)
        return self.mta.wait_log(rf"virtual\[\d+\]: {queue_id}: to=.*")[0].group(0)

    def test_mailbox_file(self):
        line = self.deliver("box+ext@v.test")
        self.assertIn("relay=virtual, ", line)
        self.assertIn("dsn=2.0.0, status=sent (delivered to mailbox)", line)
        self.deliver("box@v.test", sender="")
        box = mailbox.mbox(self.path("box"), create=False)
        self.addCleanup(box.close)
        messages = list(box)
        self.assertEqual(len(messages), 2)
        self.assertEqual(messages[0]["Delivered-To"], "box+ext@v.test")
        self.assertEqual(messages[0]["Return-Path"], "<a@x.test>")
        self.assertEqual(messages[1]["Return-Path"], "<>")
        self.assertEqual(messages[0].get_payload(), "hello\n>From here\n")
        status = os.stat(self.path("box"))
        self.assertEqual((status.st_uid, status.st_gid, status.st_mode & 0o777),
                         (USER.pw_uid, USER.pw_gid, 0o600))

    def test_maildir(self):
        self.assertIn("status=sent (delivered to maildir)", self.deliver("dir@v.test"))
        store = mailbox.Maildir(self.path("sub/dir"), create=False)
        self.assertEqual([message.get_payload() for message in store], ["hello\nFrom here\n"])
        self.assertEqual(os.listdir(self.path("sub/dir/tmp")), [])

    def test_full_mailbox_is_returned_and_keeps_its_length(self):
        with open(self.path("small"), "w", encoding="ascii") as file:
            file.write("x" * 19_900)
        os.chown(self.path("small"), USER.pw_uid, USER.pw_gid)
        line = self.deliver("small@v.test", b"y" * 500 + b"\r\n")
        self.assertIn("dsn=5.2.2, status=bounced (delivery failed to mailbox "
                      f"{self.path('small')}: error writing message: File too large)", line)
        self.assertEqual(os.path.getsize(self.path("small")), 19_900)

    def test_unsafe_tables_defer(self):
        for recipient, warning in (
                ("root@v.test", "recipient root@v.test: bad uid 0 in virtual_uid_maps"),
                ("up@v.test", "recipient up@v.test: bad mailbox ../up in virtual_mailbox_maps")):
            line = self.deliver(recipient)
            self.assertIn("dsn=4.3.5, status=deferred (mail system configuration error)", line)
            self.mta.wait_log("virtual.*warning: " + warning)
        self.assertFalse(os.path.exists(self.path("root")))
        self.assertFalse(os.path.exists(os.path.join(os.path.dirname(self.base), "up")))

    def test_locked_mailbox_defers_and_others_go_on(self):
        open(self.path("held.lock"), "w", encoding="ascii").close()
        self.mta.send("a@x.test", ["held@v.test"], b"Subject: x\r\n\r\nx\r\n")
        self.assertIn("status=sent", self.deliver("other@v.test"))
        line = self.mta.wait_log(r"virtual.*to=<held@v.test>.*")[0].group(0)
        self.assertIn("dsn=4.2.0, status=deferred", line)
        self.assertIn("unable to create lock file", line)
        os.unlink(self.path("held.lock"))
        self.mta.command("postqueue", "-f")
        self.mta.wait_log(r"to=<held@v.test>.*status=sent")
        wait_until(lambda: not os.path.exists(self.path("held.lock")), 5, "end of the lock")


if __name__ == "__main__":
    main()
