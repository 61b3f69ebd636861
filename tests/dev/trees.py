# SPDX-License-Identifier: Apache-2.0
"""A throw-away source tree, and what a checker says about it."""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.environ.get("SRCDIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))


class TreeTest(unittest.TestCase):
    checker = ""  # a program under tools/dev
    options = []

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)

    def write(self, files):
        for path, text in files.items():
            path = os.path.join(self._folder.name, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def check(self, files):
        """Exit code and output lines of the checker for a tree of these files."""
        self.write(files)
        environment = {k: v for k, v in os.environ.items() if k not in ("BUILDDIR", "SRCDIR")}
        run = subprocess.run(
            [sys.executable, "-B", os.path.join(ROOT, "tools/dev", self.checker)] + self.options
            + [self._folder.name], capture_output=True, text=True, check=False, env=environment)
        self.assertEqual(run.stderr, "")
        return run.returncode, run.stdout.splitlines()

    def assert_clean(self, files):
        code, lines = self.check(files)
        self.assertEqual(code, 0, lines)

    def assert_fault(self, files, want):
        """Exactly one fault, which begins with the wanted text."""
        code, lines = self.check(files)
        faults = [l for l in lines if not l.startswith(("note:", "check-"))]
        self.assertEqual((code, len(faults)), (1, 1), lines)
        self.assertTrue(faults[0].startswith(want), faults[0])
