# SPDX-License-Identifier: Apache-2.0
"""The fakes themselves, spoken to by Python's SMTP client."""
import os
import shutil
import smtplib
import socket
import tempfile
import time
import unittest

import nameserver
import ports
from lmtp_store import LmtpStore
from smtp_sink import Close, Endless, Silence, Slow, SmtpSink, refusing_port

TEXT = b"Subject: hello\r\n\r\n.dot first\r\nline\r\n"


def client(port, timeout=5):
    return smtplib.SMTP("127.0.0.1", port, local_hostname="client.test", timeout=timeout)


class Sink(unittest.TestCase):
    def test_stores_raw_bytes_and_envelope(self):
        with SmtpSink() as sink:
            with client(sink.port) as smtp:
                smtp.sendmail("a@x.test", ["b@y.test", "c@y.test"], TEXT, ["BODY=8BITMIME"])
            message = sink.wait_messages(1)[0]
        self.assertEqual(message.data, TEXT)
        self.assertEqual(message.helo, "client.test")
        self.assertEqual(message.sender, "a@x.test")
        self.assertIn("BODY=8BITMIME", message.sender_options)
        self.assertEqual([r for r, _ in message.recipients], ["b@y.test", "c@y.test"])

    def test_answers_as_scripted_at_each_stage(self):
        for stage in ("connect", "ehlo", "mail", "rcpt", "data", "body"):
            for reply in ("450 4.3.0 not now", "550 5.3.0 never"):
                script = {stage: reply, "helo": reply} if stage == "ehlo" else {stage: reply}
                with self.subTest(stage=stage, reply=reply), SmtpSink(script) as sink:
                    with self.assertRaises(smtplib.SMTPException) as caught:
                        with client(sink.port) as smtp:
                            smtp.sendmail("a@x.test", ["b@y.test"], TEXT)
                    self.assertIn(reply[4:], str(caught.exception))
                    self.assertEqual(sink.messages, [])

    def test_decides_by_recipient_and_in_turn(self):
        script = {"rcpt": {"bad@y.test": "550 5.1.1 no", "slow@y.test": ["450 later", "250 ok"]}}
        with SmtpSink(script) as sink:
            with client(sink.port) as smtp:
                refused = smtp.sendmail("a@x.test", ["bad@y.test", "slow@y.test", "c@y.test"], TEXT)
                self.assertEqual({r: c for r, (c, _) in refused.items()},
                                 {"bad@y.test": 550, "slow@y.test": 450})
                self.assertEqual(smtp.sendmail("a@x.test", ["slow@y.test"], TEXT), {})
            self.assertEqual(len(sink.wait_messages(2)), 2)

    def test_says_nothing_or_slowly_or_without_end_or_closes(self):
        with SmtpSink({"connect": Silence()}) as sink:
            with self.assertRaises(OSError):
                client(sink.port, timeout=0.3)
        with SmtpSink({"mail": Silence()}) as sink:
            smtp = client(sink.port, timeout=0.3)
            with self.assertRaises(smtplib.SMTPServerDisconnected):
                smtp.sendmail("a@x.test", ["b@y.test"], TEXT)
        with SmtpSink({"connect": Slow("220 slow", 0.02)}) as sink:
            began = time.monotonic()
            client(sink.port).quit()
            self.assertGreater(time.monotonic() - began, 0.15)
        with SmtpSink({"connect": Endless("220-more")}) as sink:
            with socket.create_connection(("127.0.0.1", sink.port), 5) as raw:
                self.assertTrue(raw.recv(100000).startswith(b"220-more\r\n220-more\r\n"))
        with SmtpSink({"data": Close("421 4.3.2 going")}) as sink:
            with self.assertRaises(smtplib.SMTPException):
                client(sink.port).sendmail("a@x.test", ["b@y.test"], TEXT)

    def test_takes_chunks_when_offered(self):
        with SmtpSink(extensions=["CHUNKING"]) as sink:
            with client(sink.port) as smtp:
                smtp.ehlo()
                smtp.mail("a@x.test")
                smtp.rcpt("b@y.test")
                smtp.send(b"BDAT 5\r\n.a\r\n\n")
                self.assertEqual(smtp.getreply()[0], 250)
                smtp.send(b"BDAT 3 LAST\r\nend")
                self.assertEqual(smtp.getreply()[0], 250)
            self.assertEqual(sink.wait_messages(1)[0].data, b".a\r\n\nend")

    def test_refusing_port_refuses(self):
        port, holder = refusing_port()
        with holder, self.assertRaises(ConnectionRefusedError):
            client(port)


class Store(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def test_stores_one_file_per_recipient_and_answers_for_each(self):
        with LmtpStore(self.folder, script={"body": {"full@y.test": "452 4.2.2 full"}}) as store:
            with smtplib.LMTP("127.0.0.1", store.port) as lmtp:
                lmtp.ehlo()
                lmtp.mail("a@x.test")
                for recipient in ("b@y.test", "full@y.test", "../c@y.test"):
                    self.assertEqual(lmtp.rcpt(recipient)[0], 250)
                self.assertEqual(lmtp.data(TEXT)[0], 250)
                self.assertEqual(lmtp.getreply()[0], 452)
                self.assertEqual(lmtp.getreply()[0], 250)
            stored = TEXT.replace(b"\r\n", b"\n")
            self.assertEqual(store.messages_of("B@y.test"), [stored])
            self.assertEqual(store.messages_of("full@y.test"), [])
            self.assertEqual(store.messages_of("../c@y.test"), [stored])
            self.assertEqual(sorted(os.listdir(self.folder)), ["_c@y.test", "b@y.test"])

    def test_listens_on_a_unix_socket(self):
        path = os.path.join(self.folder, "lmtp")
        with LmtpStore(os.path.join(self.folder, "mail"), path=path) as store:
            with smtplib.LMTP(path) as lmtp:
                lmtp.sendmail("a@x.test", ["b@y.test"], TEXT)
            self.assertEqual(len(store.messages_of("b@y.test")), 1)


@unittest.skipUnless(shutil.which("nsd", path=os.environ.get("PATH", "") + ":/usr/sbin"),
                     "nsd is not installed")
class Names(unittest.TestCase):
    def test_serves_zones_and_new_content(self):
        with nameserver.NameServer({"example.test": "mx A 127.0.0.2\n", "other.test": ""}) as dns:
            self.assertEqual(nameserver.query(dns.port, "mx.example.test", 1), 0)
            self.assertEqual(nameserver.query(dns.port, "new.example.test", 1), 3)
            self.assertEqual(nameserver.query(dns.port, "other.test"), 0)
            self.assertEqual(nameserver.query(dns.port, "elsewhere.org"), 5)
            dns.replace("example.test", "new A 127.0.0.3\n")
            deadline = time.monotonic() + 5
            while nameserver.query(dns.port, "new.example.test", 1) != 0:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)


if __name__ == "__main__":
    ports.main()
