# SPDX-License-Identifier: Apache-2.0
"""HDR-*, MIME-*: headers and bodies that try to cost too much, or to be taken for somebody else's.

HDR-05 (forged Authentication-Results) belongs to the stage that writes such headers itself, and
then
has to remove those that bear its name. Until then nothing here writes or believes one; what holds
now is that they pass untouched.
"""
import re

import rig
from rig import DOMAIN, TRUSTED
import ports

MIB = 1024 * 1024


class Headers(rig.Case):
    params = {"message_size_limit": str(120 * MIB)}

    def timed(self, content, source=rig.STRANGER):
        """The reply, and the CPU seconds of smtpd, cleanup, qmgr and smtp for the message."""
        daemons = [pid for name in ("smtpd", "cleanup", "qmgr", "smtp")
                   for pid in rig.processes(name, self.mta.queue)]
        before = rig.cpu_seconds(daemons)
        wire = self.wire(source)
        wire.socket.settimeout(60)
        reply = wire.message(content)
        messages = self.arrived()
        return reply, messages, rig.cpu_seconds(daemons) - before

    def grown(self):
        """Largest peak of a cleanup or smtp process in MiB."""
        return max(rig.memory_kib(pid, "VmHWM") for name in ("cleanup", "smtp", "qmgr")
                   for pid in rig.processes(name, self.mta.queue)) / 1024

    def test_HDR_01_very_many_recipient_headers(self):
        for count in (100_000, 500_000):
            lines = b"To: user@somewhere.test\r\n" * count
            reply, messages, cpu = self.timed(lines + b"\r\nx", TRUSTED)
            self.assertRegex(reply, "^(250|5)")
            self.assertLess(cpu, 2.0 * rig.SCALE)
            if reply.startswith("250"):
                self.assertEqual(messages[-1].data.count(b"To: user@somewhere.test"), count)

    def test_HDR_01_very_many_addresses_in_one(self):
        text = b",\r\n ".join(b"u%d@somewhere.test" % n for n in range(100_000))
        reply, _, cpu = self.timed(b"To: " + text + b"\r\n\r\nx", TRUSTED)
        self.assertRegex(reply, "^(250|5)")
        self.assertLess(cpu, 2.0 * rig.SCALE)

    def test_HDR_02_very_large_headers(self):
        for text in (b"Subject: " + b"x" * 50 * MIB, b"Subject: x" + b"\r\n y" * 1_000_000):
            reply, _, cpu = self.timed(text + b"\r\n\r\nx")
            self.assertRegex(reply, "^(250|5)")
            self.assertLess(cpu, 4.0 * rig.SCALE)
        self.assertLess(self.grown(), 64 * rig.SCALE)

    def test_HDR_03_long_names(self):
        head = b"N" * 10_000 + b": value\r\nMessage-Id: <" + b"m" * 20_000 + b"@x>\r\n"
        reply, messages, _ = self.timed(head + b"\r\nbody")
        self.assertRegex(reply, "^250")
        self.assertEqual(rig.body(messages[0].data), b"body\r\n")
        self.assertLess(max(map(len, self.log().split("\n"))), 4200)

    def test_HDR_04_order_and_number_of_from_are_kept(self):
        head = b"From: a@x.test\r\nfrom: b@x.test\r\nFrom : c@x.test\r\nFROM:\r\n d@x.test\r\n"
        reply, messages, _ = self.timed(head + b"Sender: e@x.test\r\n\r\nx")
        self.assertRegex(reply, "^250")
        text = messages[0].data.lower()
        places = [text.find(name + b"@x.test") for name in (b"a", b"b", b"c", b"d")]
        self.assertEqual(places, sorted(places))
        self.assertNotIn(-1, places)

    def test_HDR_05_foreign_results_pass_and_none_are_ours(self):
        forged = b"".join(
            b"%s: %s; spf=pass\r\n" % (name, host)
            for name in (b"Authentication-Results", b"AUTHENTICATION-results")
            for host in (b"mail.posthouse.test", b"MAIL.posthouse.TEST", b"(x)\r\n other.test",
                         b"other.test"))
        reply, messages, _ = self.timed(forged + b"\r\nx")
        self.assertRegex(reply, "^250")
        self.assertEqual(len(re.findall(rb"(?im)^authentication-results:", messages[0].data)), 8)

    def test_HDR_06_bcc_stays_on_smtp(self):
        reply, messages, _ = self.timed(b"Bcc: x@y.test\r\nDelivered-To: z@y.test\r\n\r\nx")
        self.assertRegex(reply, "^250")
        self.assertIn(b"\r\nDelivered-To: z@y.test\r\n", b"\r\n" + messages[0].data)

    def test_HDR_07_from_lines_of_the_body_are_kept(self):
        reply, messages, _ = self.timed(b"Subject: x\r\n\r\nFrom x\r\n>From y\r\n")
        self.assertRegex(reply, "^250")
        self.assertTrue(rig.body(messages[0].data).startswith(b"From x\r\n>From y\r\n"))


class Mime(rig.Case):
    params = {"message_size_limit": str(20 * MIB)}

    def passes(self, content, extensions=None):
        """Sends it through; it arrives as it was, or was refused."""
        if extensions is not None:
            self.sink.extensions[:] = extensions
        reply = self.wire().message(content)
        self.assertRegex(reply, "^(250|5)")
        messages = self.arrived()
        if reply.startswith("250") and messages:
            self.assertIn(rig.body(content)[-500:], messages[-1].data)

    def nested(self, depth, boundary):
        head = b"MIME-Version: 1.0\r\n"
        parts = b"".join(
            b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (b, b)
            for b in (boundary(n) for n in range(depth)))
        return head + parts + b"Content-Type: text/plain\r\n\r\nx"

    def test_MIME_01_deep_nesting(self):
        self.passes(self.nested(10_000, lambda n: b"b%d" % n))
        self.passes(self.nested(10_000, lambda n: b"same"))
        self.passes(self.nested(3, lambda n: b"%d" % n * 2049) + b"\r\n" * 300)

    def test_MIME_01_messages_in_messages(self):
        text = b"MIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 10_000
        self.passes(text + b"x")

    def test_MIME_01_nesting_is_looked_at_when_content_is_converted(self):
        before = list(self.sink.extensions)
        self.addCleanup(self.sink.extensions.__setitem__, slice(None), before)
        self.sink.extensions[:] = ["PIPELINING"]  # no 8BITMIME
        for content in (self.nested(10_000, lambda n: b"b%d" % n) + b"\xe4",
                        b"MIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 10_000
                        + b"\xe4"):
            with self.wire() as wire:
                reply = wire.message(content)
            self.assertRegex(reply, "^(250|5)")
        self.arrived()


if __name__ == "__main__":
    ports.main()
