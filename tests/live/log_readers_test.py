# SPDX-License-Identifier: Apache-2.0
"""The stock log readers on a log with a bit of everything: pflogsumm, logwatch and fail2ban count
what happened, and find no line that they do not know."""
import glob
import os
import re
import smtplib
import socket
import subprocess
import unittest

import peers
import ports
from harness import Instance
from nameserver import NameServer
from smtp_sink import SmtpSink

PYTHON = "/usr/bin/python3"  # Debian's, for whose modules the package is made
ZONES = {"posthouse.test": "refuse MX 10 mx\ndefer MX 10 mx\nnull MX 0 .\ndead MX 10 dead\n"
                           "mx A 127.0.0.1\ndead A 127.0.0.1\n"}
MESSAGE = b"Subject: log\r\nMessage-ID: <1@client.test>\r\n\r\nhello\r\n"


def talk(port, *lines, close=False):
    """Says the lines, one reply each; then QUIT, or just goes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        file = client.makefile("rwb")
        replies = [file.readline()]
        for line in lines:
            file.write(line + b"\r\n")
            file.flush()
            reply = file.readline()
            while reply[3:4] == b"-":
                reply = file.readline()
            replies.append(reply)
            if reply[:3] in (b"", b"421"):
                return replies
        if not close:
            file.write(b"QUIT\r\n")
            file.flush()
            replies.append(file.readline())
        return replies


def run(*words, text=None, **options):
    done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=120,
                          check=False, **options)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def refused_clients(port):
    """Clients that were refused, gave up, or were sent away."""
    talk(port, b"EHLO a.test", b"MAIL FROM:<a@a.test>", b"RCPT TO:<x@elsewhere.example>")
    talk(port, b"EHLO a.test", b"MAIL FROM:<a@a.test>", b"RCPT TO:<nobody@relay.test>")
    talk(port, b"HELO spam.test", b"MAIL FROM:<bad@sender.test>", b"RCPT TO:<a@relay.test>")
    talk(port, *[b"NONSENSE %d" % n for n in range(30)])
    talk(port, b"EHLO a.test", b"MAIL FROM:<a@a.test>", close=True)
    talk(port, b"EHLO a.test", close=True)


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dns = cls.enterClassContext(NameServer(ZONES))
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.bad = cls.enterClassContext(SmtpSink(script={"rcpt": [
            "550 5.1.1 <x>: no such user here"] * 100}))
        cls.slow = cls.enterClassContext(SmtpSink(script={"rcpt": [
            "450 4.2.0 <x>: greylisted, come back"] * 100}))
        cls.mta = cls.enterClassContext(Instance(dns=cls.dns, params={
            "mynetworks": "127.0.0.2/32", "smtpd_error_sleep_time": "0",
            "relay_domains": "relay.test bad.test slow.test dead.test null.posthouse.test",
            "relay_recipient_maps": "inline:{{a@relay.test = x},{b@relay.test = x},"
                                    "{@bad.test = x},{@slow.test = x},{@dead.test = x},"
                                    "{@null.posthouse.test = x}}",
            "transport_maps": "inline:{"
                              f"{{relay.test = smtp:[127.0.0.1]:{cls.sink.port}}},"
                              f"{{bad.test = smtp:[127.0.0.1]:{cls.bad.port}}},"
                              f"{{slow.test = smtp:[127.0.0.1]:{cls.slow.port}}},"
                              f"{{a.test = discard:}},{{client.test = discard:}},"
                              f"{{dead.test = smtp:[127.0.0.1]:{ports.free_port()}}}}}",
            "smtpd_sender_restrictions": "check_sender_access inline:{{bad@sender.test = "
                                         "554 5.7.1 go away}}",
        }))
        refused_clients(cls.mta.smtp_port)
        cls.mail()
        cls.mta.command("postqueue", "-f")
        cls.mta.command("postsuper", "-h", "ALL")
        cls.mta.command("postsuper", "-H", "ALL")
        cls.mta.command("postfix", "reload")
        cls.mta.command("postsuper", "-d", "ALL")
        cls.mta.command("postlog", "-p", "info", "-t", "postfix/postlog", "a line by hand")
        cls.log = cls.mta.log()

    @classmethod
    def mail(cls):
        recipients = ["a@relay.test", "b@relay.test", "x@bad.test", "x@slow.test", "x@dead.test",
                      "x@null.posthouse.test"]
        for recipient in recipients:
            cls.mta.send("a@a.test", [recipient], MESSAGE)
        cls.mta.send("", ["a@relay.test", "b@relay.test"], MESSAGE)
        cls.mta.wait_log(r"status=sent", 4)
        cls.mta.wait_log(r"status=bounced", 2)
        cls.mta.wait_log(r"status=deferred", 2)
        cls.mta.wait_log(r"sender non-delivery notification", 2)

    def test_logwatch_knows_every_line(self):
        folder = peers.unpacked("logwatch") + "/usr/share/logwatch"
        report = run("perl", folder + "/scripts/services/postfix", "--detail", "10",
                     "-f", folder + "/default.conf/services/postfix.conf", text=self.log)
        self.assertNotIn("nmatched", report, report)
        for line in ("7 Accepted", "2 Total 5xx Rejects", "1 Total 4xx Rejects",
                     "1 4xx Reject relay denied", "1 5xx Reject unknown user",
                     "3 Connections lost (inbound)", "4 Sent via SMTP", "2 Delivered", "2 Deferred",
                     "2 Bounced (local)", "7 Removed from queue", "2 Notifications sent",
                     "2 Placed on hold", "1 Postfix refresh"):
            number, name = line.split(" ", 1)
            self.assertRegex(report, rf"(?m)^ +{number} +{re.escape(name)} ")

    def test_pflogsumm_counts_the_mail(self):
        program = peers.unpacked("pflogsumm") + "/usr/sbin/pflogsumm"
        report = run("perl", program, "--problems_first", text=self.log)
        numbers = dict((name, int(number)) for number, name in
                       re.findall(r"^\s*(\d+)k?\s+(received|delivered|deferred|bounced|rejected)\b",
                                  report, re.M))
        self.assertEqual(numbers["bounced"], 2, report)
        self.assertGreaterEqual(numbers["received"], 7, report)
        self.assertGreaterEqual(numbers["delivered"], 4, report)
        self.assertGreaterEqual(numbers["deferred"], 2, report)
        self.assertGreaterEqual(numbers["rejected"], 3, report)
        self.assertIn("no such user here", report)
        self.assertIn("Relay access denied", report)

    def fail2ban(self, mode):
        """The lines that the stock filter takes for attempts of the unwanted."""
        folder = peers.unpacked("fail2ban")
        packages = glob.glob(folder + "/usr/lib/python3/dist-packages")
        path = os.path.join(self.mta.directory, "fail2ban.log")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.log)
        report = run(PYTHON, folder + "/usr/bin/fail2ban-regex", "--print-all-matched", path,
                     f"{folder}/etc/fail2ban/filter.d/postfix.conf[mode={mode}]",
                     env={**os.environ, "PYTHONPATH": packages[0]})
        return re.findall(r"postfix/smtpd\[\d+\]: (.*)", report)

    def test_fail2ban_finds_the_refused(self):
        found = "\n".join(self.fail2ban("more"))
        for words in ("Relay access denied", "User unknown in relay recipient table",
                      "too many errors after UNKNOWN from localhost[127.0.0.1]"):
            self.assertEqual(found.count(words), 1, found)

    def test_fail2ban_in_its_sharpest_mode_finds_broken_sessions_too(self):
        found = "\n".join(self.fail2ban("aggressive"))
        for words in ("lost connection after MAIL from localhost[127.0.0.1]",
                      "lost connection after EHLO from localhost[127.0.0.1]"):
            self.assertEqual(found.count(words), 1, found)


if __name__ == "__main__":
    ports.main()
