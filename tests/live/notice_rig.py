# SPDX-License-Identifier: Apache-2.0
"""What tests about notices share: an instance between servers that refuse, wait, take, and take
without DSN; and a reader that two parsers agree with."""
import concurrent.futures
import email
import email.policy
import os
import re
import smtplib
import subprocess
import unittest

import dsn
import harness
import ports
from smtp_sink import SmtpSink

GOLDEN = os.path.join(harness.SRCDIR, "tests", "golden", "notices")
UPDATE = os.environ.get("GOLDEN_UPDATE") == "1"

TEXT = (b"From: s@sender.test\r\nTo: x@fail.test\r\nSubject: hi\r\nMessage-ID: <1@x>\r\n"
        b"Date: Fri, 27 Nov 2026 07:42:40 +0000\r\n\r\nbody\r\n")
LONG = ("550-5.1.1 <bad@fail.test>: no such user here\n550 5.1.1 and a second line of text that "
        "is rather long, so that it is folded somewhere")


def normal(data):
    """A notice without what differs each time, nor the words that each system has of its own."""
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    text = re.sub(r"^X-Posthouse-Failure-Class: .*\n", "", text, flags=re.M)
    text = re.sub(r"\(Posthouse(?=[,)])|\bPosthouse(?= [SL]MTP)|(?<=ESMTP )Posthouse",
                  lambda m: m.group().replace("Posthouse", "Postfix"), text)
    text = re.sub(r"errors from \w+\[", "errors from CLIENT[", text)
    text = re.sub(r"^Auto-Submitted: auto-generated\n(?=Message-Id: [^\n]*\n\n[TU])", "",
                  text, flags=re.M)
    text = re.sub(r"\w{3}, [ \d]\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000 \(UTC\)", "DATE", text)
    text = re.sub(r"boundary=\"[^\"]*\"", 'boundary="BOUNDARY"', text)
    text = re.sub(r"^--\w+\.\d+(\+\d+)?/mail.posthouse.test", "--BOUNDARY", text, flags=re.M)
    text = re.sub(r"\bid \w{8,}", "id ID", text)
    text = re.sub(r"<\d{14}\.\w+@", "<TIME.ID@", text)
    text = re.sub(r"\bSIZE=\d+", "SIZE=N", text)
    text = re.sub(r"(Queue-ID: )\w+", r"\1ID", text)
    text = re.sub(r"127\.0\.0\.1\]:\d+", "127.0.0.1]:PORT", text)
    text = re.sub(r"from client\.test \(\w+ \[127", "from client.test (CLIENT [127", text)
    return re.sub(r"(This is the mail system at host [^\n]*\n).*?(\n *The mail system\n)",
                  r"\1WORDS\2", text, flags=re.S)


class Rig:
    """An instance between servers that refuse, wait, take, and take without DSN."""

    def __init__(self, master=(), more_routes=(), **params):
        replies = {"bad@fail.test": LONG, "later@fail.test": "450 4.2.0 try later",
                   "worse@fail.test": "554 5.7.1 not wanted",
                   "*": "250 2.1.5 ok"}
        self.sink = SmtpSink({"rcpt": replies})
        self.plain = SmtpSink(extensions=["PIPELINING", "8BITMIME", "SMTPUTF8"])
        sink, plain = (f"smtp:[127.0.0.1]:{s.port}" for s in (self.sink, self.plain))
        routes = {"fail.test": sink, "sender.test": sink, "pm.test": sink, "nodsn.test": plain,
                  **dict(more_routes)}
        table = ", ".join(f"{{{name}={where}}}" for name, where in routes.items())
        settings = {
            "transport_maps": f"inline:{{ {table} }}", "default_transport": "error:5.4.4 no route",
            "relay_domains": " ".join(routes), "relay_recipient_maps": "",
            "relay_transport": "smtp", "virtual_alias_domains": "",
            "virtual_alias_maps": "inline:{{alias@fail.test=bad@fail.test}, "
                                  "{list@fail.test=good@nodsn.test}}",
            "smtpd_recipient_restrictions": "permit_mynetworks, reject",
            "bounce_notice_recipient": "copy@pm.test", "2bounce_notice_recipient": "two@pm.test",
            "delay_notice_recipient": "delay@pm.test", "error_notice_recipient": "err@pm.test",
            "minimal_backoff_time": "1s", "maximal_backoff_time": "1s", "queue_run_delay": "1s",
            **params}
        try:
            self.mta = harness.Instance(params=settings, master=list(master))
        except BaseException:
            self.close()
            raise

    def close(self):
        if hasattr(self, "mta"):
            self.mta.stop()
        self.sink.close()
        self.plain.close()

    def send(self, sender, recipients, options=(), data=TEXT):
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, local_hostname="client.test") as smtp:
            smtp.ehlo()
            code, text = smtp.mail(sender, list(options))
            assert code == 250, text
            for recipient, rcpt_options in recipients:
                code, text = smtp.rcpt(recipient, list(rcpt_options))
                assert code == 250, text
            code, text = smtp.data(data)
            assert code == 250, text
        return text.split()[-1].decode()

    def submit(self, *words):
        path = os.path.join(self.mta.programs.command_directory, "sendmail")
        subprocess.run([path, "-f", "s@sender.test", *words], env=self.mta.environment, check=True,
                       input=b"Subject: hello\n\nbody\n", stdout=subprocess.DEVNULL, timeout=30)

    def letters(self, recipient, count=1):
        """Messages from the system to this recipient, once there are so many."""
        def found():
            letters = [m for m in self.sink.messages if m.recipients[0][0] == recipient and
                       m.sender != "s@sender.test"]
            return letters if len(letters) >= count else None
        return ports.wait_until(found, 20, f"{count} letters to {recipient}")


class Rigs:
    """Those of one module: cases that want the same share one, and all end together."""

    def __init__(self):
        self._made = {}

    def get(self, master, routes, params):
        if not self._made:
            unittest.addModuleCleanup(self.close)
        wish = repr((master, sorted(routes.items()), sorted(params.items())))
        if wish not in self._made:
            self._made[wish] = Rig(master, routes, **params)
        return self._made[wish]

    def close(self):
        rigs = list(self._made.values())
        self._made.clear()
        with concurrent.futures.ThreadPoolExecutor(len(rigs)) as pool:
            list(pool.map(Rig.close, rigs))


class NoticeCase(unittest.TestCase):
    params = {}
    master = ()
    routes = {}
    rigs = Rigs()

    @classmethod
    def setUpClass(cls):
        cls.rig = cls.rigs.get(cls.master, cls.routes, cls.params)

    def configure(self, **changes):
        """Parameters for the rest of this test."""
        before = {name: self.rig.mta.params.get(name) for name in changes}
        self.rig.mta.write_main_cf(**changes)
        self._reload()
        self.addCleanup(self._restore, before)

    def _restore(self, before):
        for name, value in before.items():
            if value is None:
                del self.rig.mta.params[name]
        self.rig.mta.write_main_cf(**{n: v for n, v in before.items() if v is not None})
        self._reload()

    def _reload(self):
        """Who has the configuration of before is gone afterwards."""
        former = self._processes()
        self.rig.mta.reload()
        ports.wait_until(lambda: not former & self._processes(), 30, "end of former processes")

    def _processes(self):
        found = subprocess.run(["pgrep", "-P", str(self.rig.mta.master_pid()), "-x",
                                "qmgr|bounce|cleanup|smtpd"], capture_output=True, text=True,
                               check=False)
        return set(found.stdout.split())

    def setUp(self):
        self.rig.mta.wait_empty()
        self.rig.sink.messages.clear()
        self.rig.plain.messages.clear()

    def read(self, message, report=False):
        """The notice, after both readers agree that it is one."""
        notice = dsn.read(message.data, report)
        parsed = email.message_from_bytes(message.data, policy=email.policy.default)
        self.assertEqual(parsed.get_content_type(), "multipart/report")
        self.assertEqual([part.defects for part in parsed.walk() if part.defects], [])
        blocks = parsed.get_payload()[1].get_payload()
        if not isinstance(blocks, str):  # Python knows message/delivery-status only.
            self.assertEqual(len(blocks), len(notice.recipients) + 1)
        return notice


class GoldenCase(NoticeCase):
    maxDiff = None

    def golden(self, name, message):
        text = normal(message.data)
        path = os.path.join(GOLDEN, name + ".txt")
        if UPDATE:
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            self.assertEqual(text, file.read(), name)
