# SPDX-License-Identifier: Apache-2.0
"""Local submission as users and programs see it: sendmail, mailq, the maildrop queue, pickup."""
import os
import re
import unittest

import ports
from host import USERS, Host
from smtp_sink import SmtpSink

TEXT = b"Subject: a test\n\nHello.\n"


class Submit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.host = cls.enterClassContext(Host(relay_to=cls.sink))

    def arrived(self, subject):
        mark = f"Subject: {subject}\r\n".encode()
        return ports.wait_until(lambda: next((m for m in self.sink.messages if mark in m.data),
                                             None), 20, f"arrival of {subject!r}")

    def send(self, words, subject, *, header="", body="Hello.\n", **options):
        text = f"{header}Subject: {subject}\n\n{body}".encode()
        done = self.host.submit(["sendmail", *words], text, **options)
        return done, self.arrived(subject)

    def test_recipients_of_the_header_as_nobody(self):
        done, got = self.send(["-t"], "as nobody", user="nobody",
                              header="To: Bee <b@c.test>\nBcc: hidden@c.test,\n x@d.test\n")
        self.assertEqual((done.stdout, done.stderr), (b"", b""))
        self.assertEqual([address for address, _ in got.recipients],
                         ["b@c.test", "hidden@c.test", "x@d.test"])
        self.assertNotIn(b"hidden", got.data)
        self.assertEqual(got.sender, "nobody@mail.posthouse.test")
        self.assertRegex(got.data, rb"^Received: by mail\.posthouse\.test "
                                   rb"\(Posthouse, from userid 65534\)\r\n\tid \w+; ")
        self.assertRegex(got.data, rb"\r\nFrom: nobody <nobody@mail\.posthouse\.test>\r\n")
        self.assertRegex(self.host.log(), r"pickup\[\d+\]: \w+: uid=65534 from=<nobody>\n")
        self.assertEqual(self.host.maildrop(), [])


if __name__ == "__main__":
    ports.main()
