# SPDX-License-Identifier: Apache-2.0
"""LOG-01: nothing that a client or a server says can break a log line. The invariants of every case
(rig.py) look at all lines; here the hostile text is sent from all sides.

Names of clients are DNS-05; certificates, SASL users and milters come with their stages.
"""
import re

import rig
from rig import DOMAIN, TRUSTED
import ports
from smtp_sink import Close

FORGED = "\nJan  1 00:00:00 host postfix/smtpd[1]: forged line"
TEXTS = [b"a\rb", b"a\nb", FORGED.encode(), b"\x1b]0;title\x07\x1b[2J",
         b"nul\0nul", b"%n%s%p%1000000d",
         "\u2028\u2029\u0085x".encode(), b"\x80\x9b\xff", b"x" * 100_000, b"\x7f\x08\x08\x08",
         b'"quoted" \\back', b"a,b; c=<d> to=<forged@x.test>, status=sent"]


class Log(rig.Case):
    may_hold = ("deferred",)
    # What the sink says is made of the hostile texts, one after the other.
    sink_script = {"rcpt": {"*": "250 ok"}}

    def test_LOG_01_client_text(self):
        for text in TEXTS:
            for template in (b"EHLO %s", b"MAIL FROM:<%s@x.test>", b"MAIL FROM:<a@x.test> %s",
                             b"RCPT TO:<%s@elsewhere.test>", b"RCPT TO:<%s>", b"%s",
                             b"RCPT TO:<%s@" + DOMAIN.encode() + b">", b"VRFY %s", b"ETRN %s"):
                wire = self.wire(ehlo=not template.startswith(b"EHLO"))
                if template.startswith(b"RCPT"):
                    wire.ask("MAIL FROM:<probe@client.test>")
                wire.send(template.replace(b"%s", text) + b"\r\nQUIT\r\n")
                wire.reply()
                wire.close()
        self.assertEqual(self.arrived(), [])
        self.assertNotRegex(self.log(), r"(?m)^Jan  1 00:00:00 host")

    def test_LOG_01_helo_that_is_logged_and_relayed(self):
        for text in (b"%n%s", b"a;b(c)", b"\x1b[2J", b"x" * 300, b'"a"b'):
            wire = self.wire(ehlo=False)
            self.assertTrue(wire.ask(b"HELO " + text))
            wire.ask("MAIL FROM:<>")
            wire.ask("RCPT TO:<u@elsewhere.test>")
            reply = wire.ask(f"RCPT TO:<joe@{DOMAIN}>")
            if reply.startswith("250"):
                wire.data()
                wire.send(b"Subject: %n\x1b[2J\r\nMessage-Id: <%n\x1b[2J\r\n"
                          b"\tx@y>\r\n\r\nx\r\n.\r\n")
                wire.reply()
        for message in self.arrived():
            received = message.data.partition(b"Subject")[0]
            self.assertNotRegex(received, rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

    def test_LOG_01_replies_of_servers(self):
        for number, text in enumerate(TEXTS):
            reply = "550 5.7.1 " + text.decode("latin-1").replace("\r", "")
            self.sink.script["rcpt"] = {"*": "250 ok", f"bad{number}@{DOMAIN}": reply,
                                        f"slow{number}@{DOMAIN}": "450" + reply[3:]}
            wire = self.wire(TRUSTED)
            wire.message(b"Subject: x\r\n\r\nx", "", (f"bad{number}@{DOMAIN}",))
            self.wait_log(rf"to=<bad{number}@.*status=(bounced|deferred)")
        self.assertNotRegex(self.log(), r"(?m)^Jan  1 00:00:00 host")

    def test_LOG_01_greetings_of_servers(self):
        for number, text in enumerate(TEXTS[:8]):
            self.sink.script["mail"] = {f"g{number}@x.test": Close(
                "554 " + text.decode("latin-1").replace("\r", "")), "*": "250 ok"}
            self.wire(TRUSTED).message(b"Subject: x\r\n\r\nx", f"g{number}@x.test",
                                       (f"u{number}@{DOMAIN}",))
            self.wait_log(rf"to=<u{number}@.*status=(bounced|deferred)")
        self.assertIsNone(re.search(r"(?m)^Jan  1 00:00:00 host", self.log()))


if __name__ == "__main__":
    ports.main()
