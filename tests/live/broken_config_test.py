# SPDX-License-Identifier: Apache-2.0
"""A configuration with many faults: all are told at once, with file, line and a hint; nothing
starts; a running system keeps its old configuration."""
import re
import smtplib
import time
import unittest

import harness
import ports

# (lines of main.cf, what the report has to say about them)
MAIN_FAULTS = [
    ("message_size_limit = huge", r"message_size_limit"),
    ("smtp_connect_timeout = 30 parsecs", r"smtp_connect_timeout"),
    ("smtpd_delay_reject = maybe", r"smtpd_delay_reject"),
    ("smtpd_recipient_limit = -5", r"smtpd_recipient_limit"),
    ("no equals sign here", r"missing '=' after"),
    ("myorigin = $mydomain", r""),  # fine
    ("mydomain = $myorigin", r"mydomain|myorigin"),  # refers to itself
    ("smtpd_forbid_bare_newline = perhaps", r"smtpd_forbid_bare_newline"),
    ("smtpd_client_restrictions = permit_mynetwork", r"permit_mynetworks\?"),
    ("smtpd_helo_restrictions = check_helo_access", r"check_helo_access needs an argument"),
    ("smtpd_sender_restrictions = check_sender_access hsh:/x", r"dictionary type: hsh"),
    ("transport_maps = hash:/no/where", r"open database /no/where.lmdb.*postmap /no/where"),
    ("canonical_maps = regexp:{/(/ x}", r"canonical_maps.*\(/"),
    ("mynetworks = 10.0.0.1/8", r"non-null host address bits"),
    ("mydestination = both.test", r""),
    ("virtual_alias_domains = both.test", r"do not list domain both.test in BOTH"),
]
MASTER_FAULTS = [
    ("127.0.0.1:70000 inet n - n - - smtpd", r"70000"),
    ("short unix -", r"bad field count"),
    ("odd carrier n - n - - smtpd", r"carrier"),
    ("maybe unix perhaps - n - - smtp", r"perhaps"),
    ("many unix - - n - lots smtp", r"lots"),
]


class BrokenConfiguration(unittest.TestCase):
    def break_it(self, mta):
        """Appends the faults; (pattern, file, line) of each."""
        wanted = []
        for name, faults in (("main.cf", MAIN_FAULTS), ("master.cf", MASTER_FAULTS)):
            with open(f"{mta.config}/{name}", encoding="utf-8") as file:
                text = file.read()
            for line, pattern in faults:
                text += line + "\n"
                if pattern:
                    wanted.append((pattern, name, text.count("\n")))
            mta.write(name, text)
        return wanted

    def assert_all_told(self, done, wanted):
        report = done.stdout + done.stderr
        self.assertNotEqual(done.returncode, 0, report)
        untold = []
        for pattern, name, line in wanted:
            told = [text for text in report.split("\n") if re.search(pattern, text)]
            placed = [text for text in told
                      if re.search(rf"{re.escape(name)}[:, ]+(line )?{line}\b",
                                                         text)]
            if not placed:
                untold.append((pattern, f"{name}:{line}", told))
        self.assertEqual(untold, [], report)

    def test_every_fault_is_told_and_nothing_starts(self):
        mta = harness.Instance(start=False)
        try:
            wanted = self.break_it(mta)
            self.assertGreaterEqual(len(wanted), 12)
            for word in ("check", "start"):
                done = mta.command("postfix", "-c", mta.config, word, check=False)
                self.assert_all_told(done, wanted)
                self.assertEqual(mta.master_pid(), 0)
                self.assertFalse(ports.greets(mta.smtp_port))
        finally:
            mta.stop()

    def test_reload_keeps_the_old_configuration(self):
        with harness.Instance() as mta:
            master, banner = mta.master_pid(), self.banner(mta)
            wanted = self.break_it(mta)
            with open(f"{mta.config}/main.cf", "a", encoding="utf-8") as file:
                file.write("smtpd_banner = new.test ESMTP\n")
            done = mta.command("postfix", "-c", mta.config, "reload", check=False)
            self.assert_all_told(done, wanted)
            time.sleep(1)
            self.assertEqual(mta.master_pid(), master)
            self.assertEqual(self.banner(mta), banner)

    @staticmethod
    def banner(mta):
        with smtplib.SMTP(timeout=10) as smtp:
            return smtp.connect("127.0.0.1", mta.smtp_port)


if __name__ == "__main__":
    ports.main()
