# SPDX-License-Identifier: Apache-2.0
"""./quickstart as a newcomer runs it, on the tree that is built already: it shows the message where
it lies, may be run again while the first instance runs, and stops."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import ports
from harness import BUILDDIR, SRCDIR


class Quickstart(unittest.TestCase):
    def setUp(self):
        ports.require_root()
        self.folder = tempfile.mkdtemp(prefix="quickstart-")
        self.addCleanup(shutil.rmtree, self.folder)
        os.chmod(self.folder, 0o755)
        self.environment = {**os.environ, "QUICKSTART_BUILD": BUILDDIR,
                            "QUICKSTART_RUN": self.folder + "/run"}
        self.addCleanup(self.quickstart, "stop")

    def quickstart(self, *words):
        done = subprocess.run([SRCDIR + "/quickstart", *words], env=self.environment, timeout=280,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_shows_a_message_on_its_way_again_and_again(self):
        shown = self.quickstart()
        mail = re.search(r"== .*It lies delivered in the Maildir\n +(\S+)\n", shown)
        self.assertTrue(mail, shown)
        with open(mail.group(1), encoding="utf-8") as file:
            self.assertIn("Hello from ./quickstart", file.read())
        self.assertRegex(shown, r"(?s)What the log says.*/smtpd\[.* client=.*/lmtp\[.* status=sent "
                                r".*/qmgr\[.*: removed\n")
        self.assertRegex(shown, r"Mail queue is empty\n")
        self.assertRegex(shown, r"\.\/quickstart stop")
        again = self.quickstart()
        self.assertRegex(again, r"Mail queue is empty\n")
        self.assertIn("stopped", self.quickstart("stop"))
        status = subprocess.run([SRCDIR + "/tools/dev/instance", "status", self.folder + "/run"],
                                capture_output=True, text=True, check=False)
        self.assertTrue(status.stdout.startswith("not running"), status.stdout)


if __name__ == "__main__":
    ports.main()
