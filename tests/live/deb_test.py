# SPDX-License-Identifier: Apache-2.0
"""The Debian package and the tarball as files: what tools say of them."""
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import ports
from harness import BUILDDIR, SRCDIR
from package_test import package, parts

WORST_EXPOSURE = 4.5  # Of the unit whose programs deliver as users.


def run(*words, **options):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, **options)


class Package(unittest.TestCase):
    def test_lintian_is_content(self):
        if not shutil.which("lintian"):
            ports.skip("lintian is not installed: tools/dev/install-packages test")
        done = run("lintian", "--allow-root", "--fail-on", "error,warning", package(),
                   *parts(), timeout=120)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_the_unit_that_delivers_is_not_exposed(self):
        if not shutil.which("systemd-analyze"):
            ports.skip("systemd-analyze is not installed: tools/dev/install-packages test")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["dpkg-deb", "-x", package(), folder + "/x"], check=True)
            unit = folder + "/postfix@x.service"
            with open(folder + "/x/lib/systemd/system/postfix@.service", encoding="utf-8") as file:
                text = file.read()
            with open(unit, "w", encoding="utf-8") as file:
                file.write(re.sub(r"(?m)^(Exec\w+=).*", r"\1/bin/true", text))
            verified = run("systemd-analyze", "verify", "--man=no", unit)
            self.assertEqual((verified.returncode, verified.stderr), (0, ""))
            done = run("systemd-analyze", "security", "--offline=true", unit)
        found = re.search(r"Overall exposure level for \S+ ([0-9.]+)", done.stdout)
        self.assertTrue(found, done.stdout + done.stderr)
        self.assertLessEqual(float(found[1]), WORST_EXPOSURE)
        self.assertNotIn("ignoring", done.stderr)

    def test_the_profiles_for_apparmor_can_be_read_and_name_every_daemon(self):
        if not shutil.which("apparmor_parser"):
            ports.skip("apparmor is not installed: tools/dev/install-packages test")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["dpkg-deb", "-x", package(), folder], check=True)
            profile = folder + "/etc/apparmor.d/usr.lib.postfix.sbin.master"
            parsed = run("apparmor_parser", "--skip-kernel-load", "--skip-cache",
                         "--Include", folder + "/etc/apparmor.d", profile)
            self.assertEqual(parsed.returncode, 0, parsed.stderr)
            with open(profile, encoding="utf-8") as file:
                rules = re.findall(r"/usr/lib/postfix/sbin/(\S+)\s+mr[iP]x", file.read())
            named = {name for rule in rules for name in rule.strip("{}").split(",")}
            there = {entry.name for entry in os.scandir(folder + "/usr/lib/postfix/sbin")
                     if not entry.is_symlink() and first_line(entry.path).startswith(b"\x7fELF")}
        self.assertEqual(named, there)

    def test_names_what_depends_on_postfix_wants(self):
        provides = run("dpkg-deb", "-f", package(), "Provides").stdout
        self.assertIn("mail-transport-agent", provides)
        version = re.search(r"postfix \(= ([0-9.]+)\)", provides)[1]
        for wanted in ("3.7.11", "3.9"):
            self.assertEqual(run("dpkg", "--compare-versions", version, "ge", wanted).returncode, 0)

    def test_databases_have_packages_of_their_own(self):
        self.assertTrue(parts())
        listed = run("dpkg-deb", "-c", package()).stdout
        self.assertNotIn(".so", listed)
        self.assertNotIn("dynamicmaps", listed)
        for part in parts():
            kind = re.search(r"posthouse-(\w+)_", part)[1]
            listed = run("dpkg-deb", "-c", part).stdout
            for path in (f"/usr/lib/postfix/posthouse-{kind}.so",
                         f"/etc/postfix/dynamicmaps.cf.d/{kind}.cf",
                         f"/usr/share/man/man5/{kind}_table.5.gz",
                         f"/usr/share/doc/posthouse-{kind}/examples/{kind}.cf"):
                self.assertIn(path + "\n", listed)
            provides = run("dpkg-deb", "-f", part, "Provides").stdout
            self.assertRegex(provides, rf"postfix-{kind} \(= [0-9.]+\)")
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run(["dpkg-deb", "-e", part, folder], check=True)
                self.assertEqual(sorted(os.listdir(folder)), ["conffiles", "control", "md5sums"])

    def test_scripts_are_good_shell(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["dpkg-deb", "-R", package(), folder + "/x"], check=True)
            scripts = [f"{folder}/x/DEBIAN/{name}" for name in
                       ("preinst", "postinst", "prerm", "postrm")]
            for top, _, names in os.walk(folder + "/x"):
                scripts += [os.path.join(top, name) for name in names
                            if first_line(os.path.join(top, name)).startswith(b"#!/bin/sh")]
            for script in set(scripts):
                done = run("sh", "-n", script)
                self.assertEqual(done.returncode, 0, script + done.stderr)
            completions = folder + "/x/usr/share/bash-completion/completions/postfix"
            told = run("bash", "-c", f". {completions}; COMP_WORDS=(postfix st); COMP_CWORD=1; "
                       "_posthouse postfix; printf '%s ' ${COMPREPLY[@]}")
            self.assertEqual(told.stdout.split(), ["start", "start-fg", "stop", "status"])


class Tarball(unittest.TestCase):
    def test_has_every_file_that_git_has_and_configures(self):
        if not os.path.exists(SRCDIR + "/.git") or not shutil.which("git"):
            ports.skip("no git checkout: nothing to compare the tarball with")
        made = run("make", "dist", cwd=BUILDDIR, env={**os.environ, "MAKEFLAGS": ""}, timeout=120)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        known = run("git", "-c", "safe.directory=*", "ls-files", cwd=SRCDIR).stdout.splitlines()
        version = re.search(r"posthouse \(([^-]+)-", first_line(SRCDIR + "/debian/changelog")
                            .decode())[1]
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(f"{BUILDDIR}/posthouse-{version}.tar.xz") as tar:
                tar.extractall(folder)
            top = f"{folder}/posthouse-{version}"
            missing = [name for name in known if not os.path.lexists(os.path.join(top, name))]
            self.assertEqual(missing, [])
            os.mkdir(top + "/build")
            done = run("sh", "-c", "../configure && make -n all >/dev/null", cwd=top + "/build",
                       env={**os.environ, "MAKEFLAGS": ""}, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)


def first_line(path):
    if os.path.islink(path):
        return b""
    with open(path, "rb") as file:
        return file.readline()


if __name__ == "__main__":
    ports.main()
