# SPDX-License-Identifier: Apache-2.0
"""SUP-01, PRV-01, PRV-05: what is installed, and what root does where others may write."""
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import rig  # noqa: F401  (finds the modules of tests/live)
import harness
import ports
from ports import wait_until

SECRET = b"secret of root\n"


def output(*words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=True).stdout


class Installed(unittest.TestCase):
    """The staged tree, as `make install` leaves it and the package packs it."""

    def setUp(self):
        self.programs = harness.staged_programs()
        self.stage = os.path.join(harness.BUILDDIR, "stage")

    def elf_files(self):
        for folder in (self.programs.command_directory, self.programs.daemon_directory):
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    if file.read(4) == b"\x7fELF" and not os.path.islink(path):
                        yield path

    def test_SUP_01_no_set_uid_and_at_most_two_set_gid_files(self):
        set_gid = []
        for folder, _, names in os.walk(self.stage):
            self.assertFalse(os.stat(folder).st_mode & stat.S_IWOTH, folder)
            for name in names:
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    continue
                mode = os.stat(path).st_mode
                self.assertFalse(mode & (stat.S_ISUID | stat.S_IWOTH | stat.S_IWGRP), path)
                if mode & stat.S_ISGID:
                    set_gid.append(name)
        self.assertLessEqual(set(set_gid), {"postdrop", "postqueue"})
        self.assertLessEqual(len(set_gid), 2)

    def test_SUP_01_the_package_makes_those_two_set_gid_and_no_other(self):
        with open(os.path.join(harness.SRCDIR, "debian/posthouse.postinst"),
                  encoding="utf-8") as file:
            script = file.read()
        self.assertIn("for command in /usr/sbin/postdrop /usr/sbin/postqueue; do", script)
        self.assertEqual(script.count("--add"), 1)
        self.assertNotIn("chmod u+s", script)
        self.assertIn("root postdrop 2755", script)

    def test_SUP_01_every_program_is_hardened(self):
        if subprocess.run(["which", "readelf"], capture_output=True, check=False).returncode:
            ports.skip("readelf is missing: apt-get install binutils")
        with open(os.path.join(harness.BUILDDIR, "Makefile"), encoding="utf-8") as file:
            if "_FORTIFY_SOURCE" not in file.read():
                ports.skip("this build has its hardening disabled")
        count = fortified = 0
        for path in self.elf_files():
            count += 1
            with self.subTest(path):
                self.assertIn("DYN", output("readelf", "-h", path))
                layout = output("readelf", "-lW", path)
                for wanted in ("INTERP", "GNU_RELRO"):
                    self.assertIn(wanted, layout)
                stack = [line for line in layout.splitlines() if "GNU_STACK" in line]
                self.assertNotIn("E", stack[0].split()[-2])
                dynamic = output("readelf", "-dW", path)
                self.assertRegex(dynamic, "BIND_NOW|NOW")
                self.assertNotRegex(dynamic, "RPATH|RUNPATH")
                symbols = output("readelf", "--dyn-syms", "-W", path)
                self.assertIn("__stack_chk_fail", symbols)
                self.assertNotRegex(symbols, r" (v?snprintf|v?sprintf|v?f?printf|strn?cpy|strcat|"
                                    r"gets|v?syslog)@")  # These have checked forms.
                fortified += bool(re.search(r"__(?!stack)\w+_chk\b", symbols))
        self.assertGreater(count, 20)
        self.assertGreater(fortified, count // 2)

    def test_SUP_01_our_code_is_marked_for_indirect_branch_tracking(self):
        if os.uname().machine != "x86_64" or not shutil.which("readelf"):
            ports.skip("CET is checked on x86_64 with binutils")
        path = os.path.join(harness.BUILDDIR, "lib/base/log.o")
        self.assertRegex(output("readelf", "-n", path), "IBT.*SHSTK|SHSTK.*IBT")


class Planted(unittest.TestCase):
    """PRV-01: the mail owner is the attacker, and plants links wherever it may write."""

    def setUp(self):
        ports.require_root()
        self.owner = pwd.getpwnam(harness.OWNER)
        self.vault = tempfile.mkdtemp(prefix="vault-")
        self.addCleanup(shutil.rmtree, self.vault)
        self.secrets = []

    def secret(self):
        path = f"{self.vault}/secret{len(self.secrets)}"
        with open(path, "wb") as file:
            file.write(SECRET)
        os.chmod(path, 0o600)
        self.secrets.append(path)
        return path

    def plant(self, path):
        """What the mail owner can do there: its name for somebody else's file."""
        folder = os.stat(os.path.dirname(path))
        if folder.st_uid != self.owner.pw_uid:
            return False
        if os.path.lexists(path):
            os.unlink(path)
        os.symlink(self.secret(), path)
        os.lchown(path, self.owner.pw_uid, self.owner.pw_gid)
        return True

    def assert_untouched(self):
        for path in self.secrets:
            about = os.stat(path)
            self.assertEqual((about.st_uid, about.st_gid, stat.S_IMODE(about.st_mode)),
                             (0, 0, 0o600), path)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), SECRET)

    def test_PRV_01_no_link_of_the_mail_owner_is_followed(self):
        with harness.Instance() as mta:
            sockets = [os.path.join(folder, name)
                       for folder in (mta.queue + "/private", mta.queue + "/public")
                       for name in os.listdir(folder)]
            data = [os.path.join(mta.directory, "data", name)
                    for name in set(os.listdir(mta.directory + "/data")) |
                    {"master.lock", "queue-index.lmdb", "verify_cache.lmdb"}]
            mta.command("postfix", "stop")
            planted = [path for path in sockets + data + [mta.log_file] if self.plant(path)]
            self.assertGreater(len(planted), 10)
            for words in (["check"], ["set-permissions"], ["start"], ["reload"], ["flush"],
                          ["logrotate"], ["stop"], ["import-queue", mta.queue]):
                mta.command("postfix", *words, check=False)
            self.assert_untouched()

    def test_PRV_01_the_pid_file_is_out_of_reach(self):
        with harness.Instance() as mta:
            for path in (mta.queue, mta.queue + "/pid"):
                about = os.stat(path)
                self.assertEqual(about.st_uid, 0, path)
                self.assertFalse(about.st_mode & (stat.S_IWGRP | stat.S_IWOTH), path)

    def test_PRV_01_a_queue_directory_that_is_a_link_is_left_alone(self):
        with harness.Instance(start=False) as mta:
            mta.command("postfix", "set-permissions")
            target = self.vault + "/elsewhere"
            os.mkdir(target, 0o700)
            for name in ("deferred", "maildrop"):
                shutil.rmtree(f"{mta.queue}/{name}")
                os.symlink(target, f"{mta.queue}/{name}")
            mta.command("postfix", "set-permissions", check=False)
            about = os.stat(target)
            self.assertEqual((about.st_uid, stat.S_IMODE(about.st_mode)), (0, 0o700))

    def test_PRV_05_tables_of_others_are_built_with_their_rights(self):
        nobody = pwd.getpwnam("nobody")
        folder = self.vault + "/theirs"
        os.chmod(self.vault, 0o755)
        os.mkdir(folder)
        source = folder + "/map"
        with open(source, "w", encoding="ascii") as file:
            file.write("key value\n")
        for path in (folder, source):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        with harness.Instance(start=False) as mta:
            mta.command("postmap", "lmdb:" + source)
            self.assertEqual(os.stat(source + ".lmdb").st_uid, nobody.pw_uid)
            os.unlink(source + ".lmdb")
            os.symlink(self.secret(), source + ".lmdb")
            mta.command("postmap", "lmdb:" + source, check=False)
            mta.command("postalias", "lmdb:" + source, check=False)
            self.assert_untouched()
            # A source that names a file of root's as value does not get its content (-F).
            with open(source, "w", encoding="ascii") as file:
                file.write(f"key {self.secret()}\n")
            done = mta.command("postmap", "-F", "lmdb:" + source, check=False)
            self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    ports.main()
