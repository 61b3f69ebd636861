# SPDX-License-Identifier: Apache-2.0
"""Clients that people use send through us into an LMTP store: swaks, curl, msmtp, nodemailer and
Python's smtplib. Each sends prepared bytes, which must arrive as they are, and what it makes itself
of a text with an attachment and a UTF-8 subject, which must mean the same on arrival."""
import base64
import email
import email.message
import email.policy
import json
import os
import re
import shutil
import smtplib
import subprocess
import tempfile
import unittest

import corpus
import log_lines
import ports
from harness import BUILDDIR, Instance
from smtp_sink import SmtpSink

SENDER = "sender@client.test"
RECIPIENTS = ["one@store.test", "two@store.test", "three@other.test"]
SUBJECT = "Grüße aus Köln 漢字"
TEXT = "Zeile eins: äöü\n.a line that begins with a dot\n..two dots\n"
ATTACHED = bytes(range(256)) * 40
RAW = (f"From: <{SENDER}>\r\nTo: <one@store.test>\r\nSubject: {SUBJECT}\r\n"
       "Message-ID: <raw@client.test>\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\n"
       "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
       "Content-Transfer-Encoding: 8bit\r\n\r\n" + TEXT.replace("\n", "\r\n")).encode()
NODEMAILER = """
const nodemailer = require(process.argv[1]);
const mail = JSON.parse(require('fs').readFileSync(0));
if (mail.raw) mail.raw = Buffer.from(mail.raw, 'base64');
for (const a of mail.attachments || []) a.content = Buffer.from(a.content, 'base64');
const options = {host: '127.0.0.1', port: +process.argv[2], name: 'client.test', ignoreTLS: true};
nodemailer.createTransport(options).sendMail(mail).then(
    info => console.log(info.response), error => { console.error(error); process.exit(1); });
"""


def need(program, package):
    path = shutil.which(program)
    return path or ports.skip(f"{program} is missing: apt-get install {package}")


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.store = cls.enterClassContext(SmtpSink(lmtp=True))
        transport = f"lmtp:inet:127.0.0.1:{cls.store.port}"
        cls.mta = cls.enterClassContext(Instance(params={
            "default_transport": transport, "local_header_rewrite_clients": ""}))
        for name, content in (("raw.eml", RAW), ("raw-lf.eml", RAW.replace(b"\r\n", b"\n")),
                              ("text.txt", TEXT.encode()), ("attached.bin", ATTACHED)):
            with open(os.path.join(cls.folder, name), "wb") as file:
                file.write(content)

    @classmethod
    def tearDownClass(cls):
        cls.mta.wait_empty()

    def setUp(self):
        self.before = len(self.store.messages)

    def file(self, name):
        return os.path.join(self.folder, name)

    def run_client(self, *words, stdin=b""):
        done = subprocess.run(words, input=stdin, capture_output=True, timeout=60, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": self.folder})
        output = (done.stdout + done.stderr).decode("utf-8", "replace")
        self.assertEqual(done.returncode, 0, output)
        return output

    def arrived(self, recipients):
        """What came for the recipients: one or more transactions with the same content."""
        def complete():
            new = self.store.messages[self.before:]
            return sum(len(m.recipients) for m in new) >= len(recipients) and new
        new = ports.wait_until(complete, 30, "delivery")
        self.assertEqual(sorted(address for m in new for address, _ in m.recipients),
                         sorted(recipients))
        self.assertEqual({m.sender for m in new}, {SENDER})
        return new

    def check_raw(self, recipients, raw=RAW):
        for message in self.arrived(recipients):
            self.assertIsNone(corpus.difference(raw, message.data, ("received",)))

    def check_made(self, recipients, attachment=True):
        for message in self.arrived(recipients):
            parsed = email.message_from_bytes(message.data, policy=email.policy.default)
            self.assertEqual(parsed["Subject"], SUBJECT)
            body = parsed.get_body(("plain",)).get_content().replace("\r\n", "\n")
            self.assertEqual(body.rstrip("\n"), TEXT.rstrip("\n"))
            found = [part.get_content() for part in parsed.iter_attachments()]
            self.assertEqual(found, [ATTACHED] if attachment else [])

    def check_dsn(self, recipient, sender_options, recipient_options):
        for message in self.arrived([recipient]):
            self.assertLessEqual(set(sender_options), set(message.sender_options.split()))
            self.assertLessEqual(set(recipient_options), set(message.recipients[0][1].split()))

    # swaks

    def swaks(self, recipients, *words):
        return self.run_client(
            need("swaks", "swaks"), "--server", "127.0.0.1", "--port", str(self.mta.smtp_port),
            "--helo", "client.test", "--from", SENDER, "--to", ",".join(recipients), *words)

    def test_swaks_sends_prepared_bytes(self):
        self.swaks(RECIPIENTS[:1], "--data", "@" + self.file("raw-lf.eml"))
        # Its own line end follows the text.
        self.check_raw(RECIPIENTS[:1], RAW + b"\r\n")

    def test_swaks_pipelines_to_several_recipients(self):
        output = self.swaks(RECIPIENTS, "--pipeline", "--data", "@" + self.file("raw-lf.eml"))
        self.assertRegex(output, r"(?s) -> RCPT TO:<three@other\.test>.* -> DATA.*<-  250 2\.1\.0 ")
        self.check_raw(RECIPIENTS, RAW + b"\r\n")

    def test_swaks_attaches(self):
        self.swaks(RECIPIENTS[:1], "--h-Subject", SUBJECT, "--add-header",
                   "Content-Transfer-Encoding-Is: free", "--attach-type",
                   "text/plain; charset=utf-8", "--attach-body", "@" + self.file("text.txt"),
                   "--attach-type", "application/octet-stream",
                   "--attach", "@" + self.file("attached.bin"))
        message = self.arrived(RECIPIENTS[:1])[0]
        self.assertIn(f"Subject: {SUBJECT}\r\n".encode(), message.data)
        parsed = email.message_from_bytes(message.data, policy=email.policy.default)
        self.assertIn(ATTACHED, [p.get_payload(decode=True) for p in parsed.walk()])

    # curl

    def curl(self, recipients, *words):
        url = f"smtp://127.0.0.1:{self.mta.smtp_port}/client.test"
        to = [word for r in recipients for word in ("--mail-rcpt", r)]
        return self.run_client(need("curl", "curl"), "-sS", "--url", url, "--mail-from", SENDER,
                               *to, *words)

    def test_curl_sends_prepared_bytes_to_several_recipients(self):
        self.curl(RECIPIENTS, "--upload-file", self.file("raw.eml"))
        self.check_raw(RECIPIENTS)

    def test_curl_attaches(self):
        self.curl(RECIPIENTS[:2], "-H", f"Subject: {SUBJECT}", "-H", f"From: <{SENDER}>",
                  # Not as 8bit: curl 7.88 forgets to stuff the dots of parts it makes itself.
                  "-F", f"=<{self.file('text.txt')};type=text/plain; charset=utf-8;encoder=base64",
                  "-F", f"=@{self.file('attached.bin')};type=image/x-test;encoder=base64")
        self.check_made(RECIPIENTS[:2])

    # msmtp

    def msmtp(self, recipients, *words, stdin):
        return self.run_client(
            need("msmtp", "msmtp"), "--host=127.0.0.1", f"--port={self.mta.smtp_port}",
            "--domain=client.test", "--tls=off", "--auth=off", "--from=" + SENDER, *words, "--",
            *recipients, stdin=stdin)

    def test_msmtp_sends_prepared_bytes_to_several_recipients(self):
        self.msmtp(RECIPIENTS, stdin=RAW.replace(b"\r\n", b"\n"))
        self.check_raw(RECIPIENTS)

    def test_msmtp_asks_for_notices(self):
        self.msmtp(RECIPIENTS[:1], "--dsn-notify=failure,delay", "--dsn-return=headers",
                   stdin=RAW.replace(b"\r\n", b"\n"))
        self.check_dsn(RECIPIENTS[0], ["RET=HDRS"], ["NOTIFY=FAILURE,DELAY"])

    # nodemailer

    def nodemailer(self, **mail):
        mail.setdefault("envelope", {"from": SENDER, "to": mail.pop("to", RECIPIENTS)})
        self.run_client(need("node", "nodejs"), "-e", NODEMAILER, BUILDDIR + "/nodemailer",
                        str(self.mta.smtp_port), stdin=json.dumps(mail).encode())

    def test_nodemailer_sends_prepared_bytes(self):
        corpus.fetch()
        self.nodemailer(raw=_base64(RAW))
        self.check_raw(RECIPIENTS)

    def test_nodemailer_attaches(self):
        corpus.fetch()
        self.nodemailer(**{"from": SENDER}, to=RECIPIENTS[:2], subject=SUBJECT, text=TEXT,
                        attachments=[{"filename": "Köln.bin", "content": _base64(ATTACHED)}])
        self.check_made(RECIPIENTS[:2])

    def test_nodemailer_asks_for_notices(self):
        corpus.fetch()
        self.nodemailer(raw=_base64(RAW), to=RECIPIENTS[:1],
                        dsn={"id": "some id", "return": "headers", "notify": ["failure", "delay"],
                             "recipient": SENDER})
        self.check_dsn(RECIPIENTS[0], ["RET=HDRS", "ENVID=some+20id"],
                       ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;" + SENDER])

    # smtplib

    def smtplib(self):
        return smtplib.SMTP("127.0.0.1", self.mta.smtp_port, "client.test", timeout=60)

    def test_smtplib_sends_prepared_bytes_to_several_recipients(self):
        with self.smtplib() as smtp:
            self.assertEqual(smtp.sendmail(SENDER, RECIPIENTS, RAW, ["BODY=8BITMIME"]), {})
        self.check_raw(RECIPIENTS)

    def test_smtplib_attaches(self):
        made = email.message.EmailMessage(policy=email.policy.SMTP)
        made["From"], made["To"], made["Subject"] = SENDER, RECIPIENTS[0], SUBJECT
        made.set_content(TEXT)
        made.add_attachment(ATTACHED, maintype="application", subtype="octet-stream")
        with self.smtplib() as smtp:
            smtp.send_message(made, SENDER, RECIPIENTS[:2])
        self.check_made(RECIPIENTS[:2])

    def test_smtplib_asks_for_notices(self):
        with self.smtplib() as smtp:
            smtp.sendmail(SENDER, RECIPIENTS[:1], RAW, ["RET=FULL", "ENVID=abc+2B1"],
                          ["NOTIFY=NEVER", "ORCPT=rfc822;first+2Bx@store.test"])
        self.check_dsn(RECIPIENTS[0], ["RET=FULL", "ENVID=abc+2B1"],
                       ["NOTIFY=NEVER", "ORCPT=rfc822;first+2Bx@store.test"])

    def test_smtplib_speaks_utf8_addresses(self):
        with self.smtplib() as smtp:
            smtp.ehlo()
            smtp.send_message(email.message_from_bytes(RAW, policy=email.policy.SMTPUTF8), SENDER,
                              ["müller@store.test"])
        message = self.arrived(["müller@store.test"])[0]
        self.assertRegex(message.sender_options, r"\bSMTPUTF8\b")
        self.assertRegex(message.data, rb"Received: [^;]*with UTF8SMTP ")

    def test_zz_the_log_tells_it_as_readers_expect(self):
        self.mta.wait_empty()
        log = self.mta.log()
        self.assertEqual(re.findall(r".*status=(?!sent).*", log), [])
        log_lines.check(self, log)


def _base64(data):
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    ports.main()
