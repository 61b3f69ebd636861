# SPDX-License-Identifier: Apache-2.0
"""The dialogue files of tests/dialogue, played against the real smtpd: the same lines must get the
same replies over the wire. Files that need a stand-in or a clock that can be moved are played in
one process only; what they are is told."""
import collections
import glob
import os
import subprocess
import unittest

import ports
from harness import Instance

SOURCES = os.environ.get("SRCDIR", os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("BUILDDIR", "build")
PLAYER = os.path.join(BUILD, "tests/dialogue/run_dialogue")
# The world that the stand-ins of the dialogues show: anybody may send anywhere but to bad users.
UNKNOWN = "550 5.1.1 User unknown in local recipient table"
WORLD = {"myhostname": "mail.example.com", "mydestination": "", "local_recipient_maps": "",
         "mynetworks": "127.0.0.0/8",
         "default_transport": "discard:", "relay_transport": "discard:",
         "smtpd_forbid_bare_newline_exclusions": "",
         "smtpd_recipient_restrictions":
             f"check_recipient_access pcre:{{{{/^bad/ {UNKNOWN}}}}}, permit_mynetworks, reject"}
IN_PROCESS_ONLY = ("fake ", "wait ", "timeout", "config early=", "config bare_newline_exempt=")


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def live_files():
    """The files that can be played live, by their configuration, and the others."""
    by_settings, others = collections.defaultdict(list), []
    for path in sorted(glob.glob(os.path.join(SOURCES, "tests/dialogue/smtp/*.smtp"))):
        lines = lines_of(path)
        if any(line.startswith(IN_PROCESS_ONLY) for line in lines):
            others.append(os.path.basename(path))
            continue
        settings = tuple(line[len("config "):] for line in lines if line.startswith("config "))
        by_settings[settings].append(path)
    return by_settings, others


class Dialogues(unittest.TestCase):
    """One instance, with an SMTP service for each configuration that a file asks for."""

    def play(self, path, port):
        with self.subTest(os.path.basename(path)):
            done = subprocess.run([PLAYER, path, str(port)], check=False, capture_output=True,
                                  text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_live(self):
        by_settings, others = live_files()
        self.assertTrue(by_settings)
        print("in one process only:", " ".join(others))
        ports_of = {settings: ports.free_port() for settings in by_settings}
        services = [" ".join([f"127.0.0.1:{port} inet n - n - - smtpd"]
                             + [f"-o {{{setting}}}" for setting in settings])
                    for settings, port in ports_of.items()]
        with Instance(params=WORLD, master=services):
            for settings, paths in by_settings.items():
                for path in paths:
                    self.play(path, ports_of[settings])


if __name__ == "__main__":
    ports.main()
