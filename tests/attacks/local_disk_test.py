#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Deliveries of local(8) to disks that are full, or fail: LOC-08 and LOC-09. Never a part of a
message where a reader sees it, and what can be tried again is."""
import contextlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from local_case import LocalCase  # noqa: E402
from ports import main, skip  # noqa: E402


class FullDiskAttacks(LocalCase):
    """LOC-08 and LOC-09 of local(8), on a file system that has no room for the message."""
    PARAMS = {"allow_mail_to_files": "alias, forward"}
    LARGE = b"y" * 70 + b"\r\n" + b"z\r\n" * 40_000

    def setUp(self):
        self.small = self.fred.home + "/small"
        os.mkdir(self.small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", self.small],
                                 check=False, capture_output=True).returncode == 0
        if not mounted:
            self.skipTest("no small file system can be mounted here")
        os.chown(self.small, self.fred.uid, self.fred.gid)

    def tearDown(self):
        subprocess.run(["umount", self.small], check=False)
        super().tearDown()

    def refused(self, text=r"^4\.3\.0 deferred .*No space left on device"):
        queue_id = self.send(self.fred.name, body=self.LARGE)
        line = self.mta.wait_log(rf"local\[\d+\]: {queue_id}: to=.*dsn=(.*)")[0].group(1)
        self.mta.command("postsuper", "-d", queue_id)
        self.assertRegex(line.replace(", status=", " "), text)

    def test_loc_08_no_part_of_a_message_in_a_maildir(self):
        self.fred.write(".forward", self.small + "/box/\n")
        self.refused()
        for name in ("tmp", "new", "cur"):
            folder = f"{self.small}/box/{name}"
            self.assertEqual(os.listdir(folder) if os.path.isdir(folder) else [], [])
        self.assertEqual(self.deliver(self.fred.name)[:10], "2.0.0 sent")  # There is room again.
        self.assertEqual(len(os.listdir(self.small + "/box/new")), 1)

    def test_loc_08_missing_folders_are_made(self):
        for missing in ("tmp", "new", "cur"):
            box = f"{self.small}/{missing}less"
            for name in {"tmp", "new", "cur"} - {missing}:
                os.makedirs(f"{box}/{name}")
                os.chown(f"{box}/{name}", self.fred.uid, self.fred.gid)
            os.chown(box, self.fred.uid, self.fred.gid)
            self.fred.write(".forward", box + "/\n")
            self.assertEqual(self.deliver(self.fred.name)[:10], "2.0.0 sent", missing)
            self.assertEqual(len(os.listdir(box + "/new")), 1)

    def test_loc_09_mailbox_keeps_its_length(self):
        box = self.small + "/box"
        self.fred.write(".forward", box + "\n")
        self.assertEqual(self.deliver(self.fred.name)[:10], "2.0.0 sent")
        with open(box, "rb") as file:
            before = file.read()
        for _ in range(3):
            self.refused()
        with open(box, "rb") as file:
            self.assertEqual(file.read(), before)
        self.assertEqual(os.listdir(self.small), ["box"])  # No lock is left.


class BrokenDiskAttacks(LocalCase):
    """LOC-08 and LOC-09 where the system calls themselves fail: a name that is taken, a handle that
    went stale, a quota that ends in the middle of a message."""
    PARAMS = {"allow_mail_to_files": "alias, forward"}
    LARGE = b"z\r\n" * 80_000

    @contextlib.contextmanager
    def faulty(self, *faults):
        """Everything that local does meets the faults, as strace(1) words them."""
        if not shutil.which("strace"):
            skip("strace is missing")
        self.deliver(self.fred.name)  # local runs.
        pid = subprocess.run(["pgrep", "-P", str(self.mta.master_pid()), "-x", "local"],
                             capture_output=True, text=True, check=True).stdout.split()
        with subprocess.Popen(["strace", "-f", "-o", self.work + "/trace", *faults,
                               *(word for one in pid for word in ("-p", one))],
                              stderr=subprocess.PIPE, text=True) as tracer:
            tracer.stderr.readline()  # "Process N attached".
            try:
                yield
            finally:
                tracer.terminate()

    def first_try(self, text, body=b"hello\r\n"):
        """Sends; what comes of the first try must match. The queue id."""
        queue_id = self.send(self.fred.name, body=body)
        line = self.mta.wait_log(rf"local\[\d+\]: {queue_id}: to=.*dsn=(.*)")[0].group(1)
        self.assertRegex(line.replace(", status=", " "), text)
        return queue_id

    def test_loc_08_faults_of_a_maildir(self):
        box = self.fred.path("box")
        self.fred.write(".forward", box + "/\n")
        for fault, text in (("inject=link:error=EEXIST", r"^4\.2\.0 deferred .*File exists"),
                            ("inject=fsync:error=ESTALE", r"^4\.2\.0 deferred .*Stale file"),
                            ("inject=fsync:error=EIO", r"^4\.3\.0 deferred .*Input/output")):
            with self.subTest(fault):
                with self.faulty("-e", "trace=link,fsync", "-e", fault):
                    before = os.listdir(box + "/new")
                    queue_id = self.first_try(text)
                    self.assertEqual(os.listdir(box + "/tmp"), [])
                    self.assertEqual(os.listdir(box + "/new"), before)
                self.mta.command("postqueue", "-i", queue_id)
                self.mta.wait_log(rf"local\[\d+\]: {queue_id}: to=.*status=sent")
                self.assertEqual(len(os.listdir(box + "/new")), len(before) + 1)

    def test_loc_09_a_quota_in_the_middle(self):
        box = self.fred.path("box")
        self.fred.write(".forward", box + "\n")
        with self.faulty("-P", box, "-e", "trace=write", "-e",
                         "inject=write:error=EDQUOT:when=3"):
            with open(box, "rb") as file:
                before = file.read()
            self.first_try(r"^5\.2\.2 bounced .*Disk quota exceeded", self.LARGE)
            with open(box, "rb") as file:
                self.assertEqual(file.read(), before)
        with open(self.work + "/trace", encoding="utf-8") as trace:
            self.assertRegex(trace.read(), r"write\(.* = \d{4,}\n.*EDQUOT")  # A part was written.


if __name__ == "__main__":
    main()
