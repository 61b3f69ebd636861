# SPDX-License-Identifier: Apache-2.0
"""The stock log readers on a log with a bit of everything: pflogsumm, logwatch and fail2ban count
what happened, and find no line that they do not know."""
import glob
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
import unittest

import peers
import ports
from harness import Instance
from nameserver import NameServer
from smtp_sink import SmtpSink
from users import Users

PYTHON = "/usr/bin/python3"  # Debian's, for whose modules the package is made
ZONES = {"posthouse.test": "refuse MX 10 mx\ndefer MX 10 mx\nnull MX 0 .\ndead MX 10 dead\n"
                           "mx A 127.0.0.1\ndead A 127.0.0.1\n"}
# Lines as Postfix writes them that Debian's logwatch is too old to know.
NEWER = re.compile(r"status=force-expired, returned to sender$|: Force-expired: \d+ messages?$|"
                   r"cleanup\[\d+\]: \w+: info: ")
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


class ReaderCase(unittest.TestCase):
    """A log, and what the stock programs make of it."""
    mta = None
    log = ""

    def logwatch(self):
        folder = peers.unpacked("logwatch") + "/usr/share/logwatch"
        report = run("perl", folder + "/scripts/services/postfix", "--detail", "10",
                     "-f", folder + "/default.conf/services/postfix.conf", text=self.log)
        unmatched = report.partition("**Unmatched Entries**")[2].strip().splitlines()
        self.assertEqual([line for line in unmatched if not NEWER.search(line)], [], report)
        return report

    def pflogsumm(self):
        program = peers.unpacked("pflogsumm") + "/usr/sbin/pflogsumm"
        report = run("perl", program, "--problems_first", text=self.log)
        numbers = dict((name, int(number)) for number, name in
                       re.findall(r"^\s*(\d+)k?\s+(received|delivered|deferred|bounced|rejected)\b",
                                  report, re.M))
        return report, numbers

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


class Readers(ReaderCase):
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
        report = self.logwatch()
        for line in ("7 Accepted", "2 Total 5xx Rejects", "1 Total 4xx Rejects",
                     "1 4xx Reject relay denied", "1 5xx Reject unknown user",
                     "3 Connections lost (inbound)", "4 Sent via SMTP", "2 Delivered", "2 Deferred",
                     "2 Bounced (local)", "7 Removed from queue", "2 Notifications sent",
                     "2 Placed on hold", "1 Postfix refresh"):
            number, name = line.split(" ", 1)
            self.assertRegex(report, rf"(?m)^ +{number} +{re.escape(name)} ")

    def test_pflogsumm_counts_the_mail(self):
        report, numbers = self.pflogsumm()
        self.assertEqual(numbers["bounced"], 2, report)
        self.assertGreaterEqual(numbers["received"], 7, report)
        self.assertGreaterEqual(numbers["delivered"], 4, report)
        self.assertGreaterEqual(numbers["deferred"], 2, report)
        self.assertGreaterEqual(numbers["rejected"], 3, report)
        self.assertIn("no such user here", report)
        self.assertIn("Relay access denied", report)

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


class WholeHost(ReaderCase):
    """The log of a host with users: mail that comes in by every way and goes every way, and all
    sorts of trouble."""
    MASTER = ["words unix - n n - - pipe user=nobody argv=/bin/sh -c {echo $$1; exit $$2} sh "
              "${user} ${extension}",
              "lost unix - n n - - pipe user=no-such-user argv=/bin/cat"]

    @classmethod
    def setUpClass(cls):
        cls.users = Users(2)
        cls.addClassCleanup(cls.users.remove)
        cls.fred, cls.wilma = cls.users.users
        cls.work = tempfile.mkdtemp(prefix="posthouse-readers-")
        cls.addClassCleanup(shutil.rmtree, cls.work)
        os.chmod(cls.work, 0o755)
        spool, boxes = (cls.work + name for name in ("/mail", "/boxes"))
        for path in (spool, boxes):
            os.mkdir(path)
            os.chmod(path, 0o1777)
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.mta = Instance(master=cls.MASTER, params=cls.parameters(spool, boxes), start=False)
        cls.addClassCleanup(lambda: cls.mta.stop())
        cls.aliases()
        cls.mta.start()
        cls.traffic()
        cls.trouble()
        cls.commands()
        cls.log = cls.mta.log()

    @classmethod
    def parameters(cls, spool, boxes):
        return {
            "mydestination": "mail.posthouse.test, localhost", "local_recipient_maps": "",
            "alias_maps": f"hash:{cls.work}/aliases", "alias_database": "$alias_maps",
            "recipient_delimiter": "+", "mail_spool_directory": spool,
            "transport_maps": "inline:{ {words.test=words:}, {lost.test=lost:}, "
                              "{drop.test=discard:silently}, {out.test=error:5.7.1 not here} }",
            "relay_domains": "words.test lost.test drop.test out.test",
            "default_transport": f"smtp:[127.0.0.1]:{cls.sink.port}",
            "virtual_mailbox_domains": "boxes.test", "virtual_mailbox_base": boxes,
            "virtual_mailbox_maps": "inline:{{a@boxes.test=a}, {b@boxes.test=b/}, "
                                    "{evil@boxes.test=../../x}}",
            "virtual_uid_maps": "static:65534", "virtual_gid_maps": "static:65534",
            "virtual_alias_maps": "inline:{{all@here.test=a@boxes.test, b@boxes.test}}",
            "virtual_alias_domains": "here.test", "smtpd_error_sleep_time": "0",
            "header_checks": "regexp:{{/^X-W:/ WARN seen}, {/^X-H:/ HOLD look}, "
                             "{/^X-R:/ REJECT no}, {/^X-I:/ INFO told}, {/^X-D:/ DISCARD away}}",
            "smtpd_client_message_rate_limit": "40", "smtpd_client_event_limit_exceptions": "",
            "smtpd_client_recipient_rate_limit": "60", "notify_classes": "bounce, resource",
            "delay_warning_time": "1s", "queue_run_delay": "1s", "minimal_backoff_time": "1s",
            "maximal_backoff_time": "1s", "anvil_status_update_time": "1s",
            "smtpd_reject_unlisted_recipient": "no", "mailbox_size_limit": "200000",
            "message_size_limit": "10000", "virtual_mailbox_limit": "20000"}

    @classmethod
    def aliases(cls):
        with open(cls.work + "/aliases", "w", encoding="utf-8") as file:
            file.write(f"postmaster: root\nroot: {cls.fred.name}\n"
                       f"both: {cls.fred.name}, {cls.wilma.name}, far@away.test\n"
                       'run: "|exit 0"\nfail: "|echo sorry; exit 69"\nwait: "|exit 75"\n'
                       f"file: {cls.work}/no/such/file\nloop: loop\nowner-list: postmaster\n"
                       f"list: :include:{cls.work}/none\n")
        cls.mta.command("postalias", "-c", cls.mta.config, f"hash:{cls.work}/aliases")

    @classmethod
    def submit(cls, *words, data=b"Subject: hello\n\ntext\n", user=None):
        path = os.path.join(cls.mta.programs.command_directory, "sendmail")
        subprocess.run([path, *words], env=cls.mta.environment, input=data, timeout=30,
                       check=False, capture_output=True)

    @classmethod
    def traffic(cls):
        here = "mail.posthouse.test"
        for recipient in (cls.fred.name, "both", "run", "fail", "wait", "file", "loop", "list",
                          "nobody-at-all", cls.wilma.name + "+ext"):
            cls.mta.send("s@away.test", [f"{recipient}@{here}"], MESSAGE)
        for recipient in ("a@boxes.test", "b@boxes.test", "c@boxes.test", "evil@boxes.test",
                          "joe+0@words.test", "joe+67@words.test", "joe+75@words.test",
                          "x@lost.test", "x@drop.test", "x@out.test", "all@here.test",
                          "none@here.test"):
            try:
                cls.mta.send("s@away.test", [recipient], MESSAGE)
            except smtplib.SMTPRecipientsRefused:
                pass
        cls.submit(f"{cls.fred.name}@{here}", "x@away.test")
        cls.submit("-f", "", "x@out.test")
        cls.submit("-bv", "a@boxes.test", "c@boxes.test", "joe@words.test", "x@away.test")
        cls.submit("-v", "a@boxes.test", "x@out.test")
        cls.submit("-N", "success,delay,failure", f"{cls.fred.name}@{here}")
        cls.submit("-bs", data=b"EHLO me\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<x@away.test>\r\n"
                               b"DATA\r\n\r\nx\r\n.\r\nQUIT\r\n")
        for field in (b"X-W", b"X-H", b"X-R", b"X-I", b"X-D"):
            try:
                cls.mta.send("s@away.test", ["x@away.test"], field + b": 1\r\n" + MESSAGE)
            except smtplib.SMTPDataError:
                pass

    @classmethod
    def trouble(cls):
        refused_clients(cls.mta.smtp_port)
        with socket.create_connection(("127.0.0.1", cls.mta.smtp_port), timeout=30) as client:
            client.recv(1000)
            client.sendall(b"HELO a.test\r\nMAIL FROM:<a@a.test>\r\nQUIT\r\n")
            while client.recv(1000):
                pass
        try:
            cls.mta.send("s@away.test", ["x@away.test"], MESSAGE + b"x" * 20000)
        except smtplib.SMTPException:
            pass
        for _ in range(45):  # The limit on messages by one client.
            try:
                cls.mta.send("s@away.test", ["x@away.test"], MESSAGE)
            except smtplib.SMTPException:
                break
        cls.mta.wait_log(r"SOFTBOUNCE|status=deferred", 4)
        cls.mta.wait_log(r"sender delay notification", 2)
        cls.mta.wait_log(r"sender non-delivery notification", 5)
        cls.mta.wait_log(r"delivery status notification", 2)

    @classmethod
    def commands(cls):
        cls.mta.command("postqueue", "-f")
        cls.mta.command("postsuper", "-h", "ALL")
        cls.mta.command("postsuper", "-H", "ALL")
        cls.mta.command("postsuper", "-r", "ALL")
        cls.mta.wait_log(r"orig_id=")
        cls.mta.reload()
        cls.mta.wait_log(r"reload --")
        cls.kill("smtpd")
        cls.kill("qmgr")
        time.sleep(1.2)  # The statistics of anvil.
        cls.mta.command("postsuper", "-e", "ALL")
        cls.mta.command("postqueue", "-f", check=False)
        cls.mta.wait_log(r"force-expired|status=expired")
        cls.mta.command("postsuper", "-d", "ALL")
        cls.mta.command("postfix", "stop")
        cls.mta.start()
        cls.mta.command("postlog", "-p", "warn", "-t", "postfix/postlog", "something by hand")

    @classmethod
    def kill(cls, program):
        found = subprocess.run(["pgrep", "-x", program, "-P", str(cls.mta.master_pid())],
                               capture_output=True, text=True, check=False)
        for pid in found.stdout.split():
            os.kill(int(pid), signal.SIGKILL)

    def test_the_log_has_a_bit_of_everything(self):
        programs = set(re.findall(r" postfix/([\w/-]+)\[\d+\]: ", self.log))
        self.assertLessEqual({"local", "virtual", "pipe", "pickup", "bounce", "smtpd", "cleanup",
                              "failures", "qmgr", "smtp", "error", "discard", "anvil", "master",
                              "postfix-script", "postsuper", "postlog"}, programs)

    def test_logwatch_knows_every_line(self):
        report = self.logwatch()
        for name in ("Sent via SMTP", "Delivered", "Deferred", "Bounced (local)", "Forwarded",
                     "Discarded", "Notifications sent", "Placed on hold",
                     "Removed from queue", "Postfix refresh", "Postfix start", "Postfix stop"):
            self.assertRegex(report, rf"(?m)^ +\d+ +{re.escape(name)} ")

    def test_pflogsumm_counts_the_mail(self):
        report, numbers = self.pflogsumm()
        for name in ("received", "delivered", "deferred", "bounced", "rejected"):
            self.assertGreater(numbers[name], 1, report)
        warnings = re.search(r"(?ms)^Warnings\n-+\n(.*?)\n\n(?=\w)", report)
        self.assertIsNotNone(warnings, report)
        self.assertNotRegex(report, r"(?m)^(Fatal Errors|Panics)\n-+\n\n? +\S")

    def test_fail2ban_finds_the_refused_only(self):
        found = self.fail2ban("more")
        for line in found:
            self.assertRegex(line, r"NOQUEUE: reject: |too many errors|improper command pip")
        self.assertIn("too many errors after UNKNOWN", "\n".join(found))


if __name__ == "__main__":
    ports.main()
