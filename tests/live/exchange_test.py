# SPDX-License-Identifier: Apache-2.0
"""Mail with other people's mail systems, both ways: Debian's Postfix, Exim and OpenSMTPD.

Out: a client gives us a message for a domain whose MX record, from a name server of our own, points
to the peer; the peer passes it on to a sink. In: a client gives the peer a message, the peer
passes it on to us, we to a sink. A tap between the systems shows what they said to each other."""
import re
import smtplib
import unittest

import corpus
import log_lines
import peers
import ports
from harness import OURS, Instance
from nameserver import NameServer
from smtp_sink import SmtpSink
from tap import Tap, free_loopback

SENDER = "sender@client.test"
HEAD = ("From: <sender@client.test>\r\nTo: <{to}>\r\nSubject: {name}\r\n"
        "Message-ID: <{name}@client.test>\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: {encoding}\r\n\r\n")
PLAIN = "Hello.\r\n.a dot first\r\n\r\n..two\r\n" + "a line of text\r\n" * 5000 + "end\r\n"
EIGHT_BIT = "Grüße, 漢字\r\n.ä\r\n" * 200


def message(name, to, text=PLAIN, encoding="7bit"):
    return (HEAD.format(name=name, to=to, encoding=encoding) + text).encode()


class _Exchange:
    """What all peers have in common; a class below for each of them."""
    PEER = None
    TRACE = ("received",)

    def client(self, port, sender, recipients, data, mail_options=(), rcpt_options=()):
        with smtplib.SMTP("127.0.0.1", port, "client.test", timeout=60) as smtp:
            refused = smtp.sendmail(sender, recipients, data, mail_options, rcpt_options)
        self.assertEqual(refused, {})

    def arrived(self, sink, name):
        """The message with that subject, once it is in the sink."""
        mark = f"Subject: {name}\r\n".encode()
        return ports.wait_until(lambda: next((m for m in sink.messages if mark in m.data), None),
                                30, f"arrival of {name}")

    def conversation(self, tap, recipient):
        """The latest conversation in which this recipient was named."""
        return next(c for c in reversed(tap.conversations)
                    if f"RCPT TO:<{recipient}>".encode() in c.from_client)

    def check_intact(self, sent, got):
        self.assertIsNone(corpus.difference(sent, got.data, self.TRACE))


class _Out(_Exchange):
    @classmethod
    def setUpClass(cls):
        if not OURS:
            raise unittest.SkipTest("the name server is given to ours by resolver_servers")
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.peer = cls.enterClassContext(peers.PEERS[cls.PEER](cls.sink.port))
        cls.tap = cls.enterClassContext(Tap(cls.peer.port, free_loopback(), 25))
        # The first host by preference refuses connections.
        zone = f"@ MX 5 gone\n@ MX 10 mx\ngone A {free_loopback()}\nmx A {cls.tap.address}\n"
        cls.dns = cls.enterClassContext(NameServer({"peer.test": zone}))
        cls.mta = cls.enterClassContext(Instance(dns=cls.dns))

    def send(self, name, recipient, text=PLAIN, encoding="7bit", **options):
        data = message(name, recipient, text, encoding)
        self.client(self.mta.smtp_port, SENDER, [recipient], data, **options)
        return data

    def relayed(self, recipient):
        """Our delivery line."""
        line = self.mta.wait_log(rf"\w+: to=<{re.escape(recipient)}>, (.*)")[0].group(1)
        self.assertRegex(line, rf"^relay=mx\.peer\.test\[{self.tap.address}\]:25, "
                               r"(?:conn_use=\d+, )?delay=[\d.]+, delays=[\d./]+, "
                               r"dsn=2\.\d\.\d, status=sent \(250 ")
        return self.conversation(self.tap, recipient)

    def test_plain_message_with_size_and_pipelining(self):
        sent = self.send("plain", "plain@peer.test")
        self.check_intact(sent, self.arrived(self.sink, "plain"))
        said = self.relayed("plain@peer.test")
        offered = said.extensions()
        self.assertEqual(said.command("EHLO"), "EHLO mail.posthouse.test")
        options = said.options("MAIL", "plain@peer.test")
        self.assertEqual(any(o.startswith("SIZE=") for o in options), "SIZE" in offered)
        self.assertEqual(said.pipelined(), "PIPELINING" in offered)

    def test_eight_bits(self):
        sent = self.send("eight", "eight@peer.test", EIGHT_BIT, "8bit",
                         mail_options=["BODY=8BITMIME"])
        self.check_intact(sent, self.arrived(self.sink, "eight"))
        said = self.relayed("eight@peer.test")
        self.assertIn("8BITMIME", said.extensions())
        self.assertIn("BODY=8BITMIME", said.options("MAIL", "eight@peer.test"))

    def test_delivery_status_options_go_where_they_are_understood(self):
        self.send("dsn", "dsn@peer.test", mail_options=["RET=HDRS", "ENVID=QQ1"],
                  rcpt_options=["NOTIFY=FAILURE", "ORCPT=rfc822;first@peer.test"])
        self.arrived(self.sink, "dsn")
        said = self.relayed("dsn@peer.test")
        offered = "DSN" in said.extensions()
        for verb, options in (("MAIL", ["RET=HDRS", "ENVID=QQ1"]),
                              ("RCPT", ["NOTIFY=FAILURE", "ORCPT=RFC822;FIRST@PEER.TEST"])):
            for option in options:
                found = option in said.options(verb, "dsn@peer.test")
                self.assertEqual(found, offered, (option, said.commands))

    def test_utf8_addresses(self):
        recipient = "müller@peer.test"
        sent = self.send("utf8", recipient, EIGHT_BIT, "8bit",
                         mail_options=["SMTPUTF8", "BODY=8BITMIME"])
        line = self.mta.wait_log(rf"to=<{recipient}>, .*status=(\w+) (.*)")[0]
        said = self.tap.conversations[-1]
        if "SMTPUTF8" not in said.extensions():
            self.assertEqual(line.group(1), "bounced")
            self.assertIn("SMTPUTF8 is required, but was not offered by host mx.peer.test",
                          line.group(2))
            return
        self.assertEqual(line.group(1), "sent", line.group(0))
        self.assertIn("SMTPUTF8", self.conversation(self.tap, recipient).options("MAIL", recipient))
        self.check_intact(sent, self.arrived(self.sink, "utf8"))

    def test_zz_the_log_tells_it_as_readers_expect(self):
        log_lines.check(self, self.mta.log())


class _In(_Exchange):
    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.mta = cls.enterClassContext(Instance(params={
            "default_transport": f"smtp:[127.0.0.1]:{cls.sink.port}",
            "local_header_rewrite_clients": ""}))
        cls.tap = cls.enterClassContext(Tap(cls.mta.smtp_port))
        cls.peer = cls.enterClassContext(peers.PEERS[cls.PEER](cls.tap.port))

    def send(self, name, recipients, text=PLAIN, encoding="7bit", **options):
        data = message(name, recipients[0], text, encoding)
        self.client(self.peer.port, SENDER, recipients, data, **options)
        return data

    def test_plain_message_to_several_recipients(self):
        recipients = [f"r{n}@rest.test" for n in range(5)]
        sent = self.send("plain", recipients)
        got = self.arrived(self.sink, "plain")
        self.check_intact(sent, got)
        self.mta.wait_log(r"to=<r\d@rest\.test>, .* status=sent \(250 ", 5)
        said = self.conversation(self.tap, "r0@rest.test")
        self.assertEqual(set(said.extensions()), {
            "PIPELINING", "SIZE", "VRFY", "ETRN", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN",
            "SMTPUTF8", "CHUNKING"})
        log = self.mta.log()
        self.assertRegex(log, r"/smtpd\[\d+\]: connect from \S+\[127\.0\.0\.1\]")
        self.assertRegex(log, r"/smtpd\[\d+\]: \w+: client=\S+\[127\.0\.0\.1\]")
        self.assertRegex(log, r"/cleanup\[\d+\]: \w+: message-id=<plain@client\.test>")
        self.assertRegex(log, r"/qmgr\[\d+\]: \w+: from=<sender@client\.test>, size=\d+, nrcpt=")

    def test_eight_bits(self):
        sent = self.send("eight", ["eight@rest.test"], EIGHT_BIT, "8bit",
                         mail_options=["BODY=8BITMIME"])
        got = self.arrived(self.sink, "eight")
        self.check_intact(sent, got)
        self.assertIn("BODY=8BITMIME", got.sender_options.upper())

    def test_how_the_peer_uses_what_we_offer(self):
        self.send("uses", ["uses@rest.test"])
        self.arrived(self.sink, "uses")
        said = self.conversation(self.tap, "uses@rest.test")
        self.assertEqual(said.command("BDAT") is not None, "BDAT" in self.USES, said.commands)
        self.assertEqual(said.pipelined(), "PIPELINING" in self.USES, said.packets[:4])
        self.assertEqual(any(o.startswith("SIZE=") for o in said.options("MAIL", "uses@rest.test")),
                         "SIZE" in self.USES, said.commands)

    def test_zz_the_log_tells_it_as_readers_expect(self):
        log_lines.check(self, self.mta.log())


class OutToPostfix(_Out, unittest.TestCase):
    PEER = "postfix"


class OutToExim(_Out, unittest.TestCase):
    PEER = "exim"


class OutToOpensmtpd(_Out, unittest.TestCase):
    PEER = "opensmtpd"


class InFromPostfix(_In, unittest.TestCase):
    PEER, USES = "postfix", ("PIPELINING", "SIZE")


class InFromExim(_In, unittest.TestCase):
    PEER, USES = "exim", ("PIPELINING", "SIZE", "BDAT")


class InFromOpensmtpd(_In, unittest.TestCase):
    PEER, USES = "opensmtpd", ()


if __name__ == "__main__":
    ports.main()
