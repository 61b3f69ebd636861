# SPDX-License-Identifier: Apache-2.0
"""SUP-01, PRV-01, PRV-05: what is installed, and what root does where others may write."""
import glob
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import rig  # noqa: F401  (finds the modules of tests/live)
import guest
import harness
import ports
from package_test import package
from ports import wait_until

SECRET = b"secret of root\n"


def output(*words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=True).stdout


def require_hardening():
    if not shutil.which("readelf"):
        ports.skip("readelf is missing: tools/dev/install-packages test")
    with open(os.path.join(harness.BUILDDIR, "Makefile"), encoding="utf-8") as file:
        if "_FORTIFY_SOURCE" not in file.read():
            ports.skip("this build has its hardening disabled")


class Staged(unittest.TestCase):
    """What `make install` leaves, as the package packs it."""
    def setUp(self):
        harness.staged_programs()

    def paths(self):
        """Folders and files that were installed."""
        for folder, _, names in os.walk(os.path.join(harness.BUILDDIR, "stage")):
            yield folder
            yield from (os.path.join(folder, name) for name in names)

    def programs(self):
        for path in self.paths():
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    if file.read(4) == b"\x7fELF":
                        yield path

    def test_SUP_01_rights_of_files(self):
        set_gid = []
        for path in self.paths():
            if os.path.islink(path):
                continue
            mode = os.stat(path).st_mode
            self.assertFalse(mode & (stat.S_ISUID | stat.S_IWOTH), path)
            if not stat.S_ISDIR(mode):
                self.assertFalse(mode & stat.S_IWGRP, path)
            if mode & stat.S_ISGID:
                set_gid.append(os.path.basename(path))
        self.check_set_gid(sorted(set_gid))

    def check_set_gid(self, names):
        self.assertIn(names, ([], ["postdrop", "postqueue"]))  # Without and with the group.

    def test_SUP_01_every_program_is_hardened(self):
        require_hardening()
        count = fortified = 0
        for path in self.programs():
            count += 1
            with self.subTest(path):
                fortified += self.is_fortified(path)
        self.assertGreater(count, 20)
        self.assertGreater(fortified, count // 2)

    def is_fortified(self, path):
        """Looks at all else that must be, too."""
        self.assertIn("DYN", output("readelf", "-h", path))
        layout = output("readelf", "-lW", path)
        for wanted in ("GNU_RELRO",) if path.endswith(".so") else ("INTERP", "GNU_RELRO"):
            self.assertIn(wanted, layout)
        stack = [line for line in layout.splitlines() if "GNU_STACK" in line]
        self.assertNotIn("E", stack[0].split()[-2])
        dynamic = output("readelf", "-dW", path)
        self.assertRegex(dynamic, "BIND_NOW|NOW")
        self.assertNotRegex(dynamic, "RPATH|RUNPATH")
        symbols = output("readelf", "--dyn-syms", "-W", path)
        self.assertIn("__stack_chk_fail", symbols)
        # These have checked forms.
        self.assertNotRegex(symbols, r" (v?snprintf|v?sprintf|v?f?printf|strn?cpy|strcat|gets|"
                            r"v?syslog)@")
        return bool(re.search(r"__(?!stack)\w+_chk\b", symbols))

    def test_SUP_01_our_code_is_marked_for_indirect_branch_tracking(self):
        """All that we compile. A linked program has the mark only when all its parts have, and on
        Debian 12 the C library's own start (Scrt1.o, crti.o) has not: there no program has it."""
        ports.skip_with_sanitizers("built without")
        require_hardening()
        if os.uname().machine != "x86_64":
            ports.skip("CET is checked on x86_64")
        libraries = glob.glob(harness.BUILDDIR + "/lib/*/*.a")
        notes = output("readelf", "-n", *libraries).split("\nFile: ")[1:]
        bare = [note.split("\n")[0] for note in notes if not re.search("IBT, SHSTK", note)]
        self.assertGreater(len(notes), 100)
        self.assertEqual(bare, [])


class Package(Staged):
    """What is there once the package is installed on a host where no Postfix was."""
    @classmethod
    def setUpClass(cls):
        deb = package()
        cls.guest = cls.enterClassContext(guest.Guest())
        cls.guest.run("dpkg --purge postfix; dpkg-statoverride --list")
        cls.guest.install(deb)
        made = cls.guest.run("find /etc/postfix /etc/aliases* /var/lib/posthouse -mindepth 1")
        cls.names = cls.guest.run("dpkg -L posthouse").split() + made.split()

    def paths(self):
        shared = {"/.", "/var/mail"}  # Debian's, group mail writes there.
        for name in self.names:
            if name not in shared:
                yield self.guest.path(name)

    def check_set_gid(self, names):
        self.assertEqual(names, ["postdrop", "postqueue"])

    def test_SUP_01_nothing_else_became_set_uid_or_set_gid(self):
        listed = "/var/lib/dpkg/info/posthouse.list"
        found = self.guest.run("find / -xdev -type f -perm /6000 "
                               f"'(' -newer {listed} -o -group postdrop ')' | sort")
        self.assertEqual(found.split(), ["/usr/sbin/postdrop", "/usr/sbin/postqueue"])
        self.assertEqual(self.guest.run("stat -c '%U %G %a' /usr/sbin/postdrop"),
                         "root postdrop 2755\n")

    def test_SUP_01_world_writable_is_nothing_in_the_queue_but_sockets(self):
        self.guest.run("postfix start")
        self.addCleanup(self.guest.run, "postfix stop")
        self.assertEqual(self.guest.run("find /var/spool/postfix /var/lib/postfix /etc/postfix "
                                        "! -type l ! -type s -perm -o+w"), "")


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
            os.unlink(source + ".lmdb")
            done = mta.command("postmap", "-F", "lmdb:" + source)
            self.assertIn("Permission denied: skipping this entry", done.stderr)
            self.assertEqual(mta.command("postmap", "-s", "lmdb:" + source).stdout, "")


if __name__ == "__main__":
    ports.main()
