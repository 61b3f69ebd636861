# SPDX-License-Identifier: Apache-2.0
"""ADDR-*: addresses that try to relay, to run something, or to cost too much."""
import glob
import os
import time

import rig
from rig import DOMAIN, TRUSTED
import ports

# Other addresses of the same person that would be relaying: all are refused to a stranger, or end
# at our own domain.
ROUTED = [
    "user%victim.test@{us}", "victim.test!user@{us}", "@{us},@x.test:user@victim.test",
    '"user@victim.test"@{us}', "user@victim.test@{us}", "user@{us}@victim.test",
    "user%victim.test", "user%victim.test%x.test@{us}", "user@[127.0.0.1]",
    "@{us}:user@victim.test", '"user%victim.test"@{us}', "user@victim.test%{us}",
    "user\\@victim.test@{us}", "postmaster", "user@victim.test.", "user@", "@{us}", "@", "",
    "user@{us}.", "user@.{us}", "user@victim.test\\@{us}", '"@victim.test"@{us}',
]
PLAIN = [
    ";touch {mark};", "`touch {mark}`", "$(touch${IFS}{mark})", "${run{/bin/touch {mark}}}",
    "|/bin/touch {mark}", "|id", "/etc/passwd", ":include:/etc/passwd", "../../x", "-oQ/tmp", "-bp",
    "--help", "-", "{mark}", "\\", "a b", "a\tb", "%s%n%n", "$name", "${recipient}", "'", "\"",
]


class Relay(rig.Case):
    params = {"local_transport": "error:5.1.1 nobody lives here"}

    def offer(self, wire, path):
        """Whether the recipient is taken; what is not understood ends no session."""
        wire.ask("RSET")
        wire.ask("MAIL FROM:<probe@client.test>")
        reply = wire.ask(f"RCPT TO:<{path}>")
        self.assertRegex(reply, r"^[245]\d\d")
        if not reply.startswith("250"):
            return False
        wire.data()
        wire.send(b"\r\nx\r\n.\r\n")
        wire.expect("250")
        return True

    def check_relay(self, params):
        self.mta.write_main_cf(**params)
        self.mta.reload()
        time.sleep(0.5)
        for template in ROUTED:
            self.offer(self.wire(), template.replace("{us}", DOMAIN))
        for message in self.arrived():
            if message.sender == "":
                continue  # a notice to the sender
            for address, _ in message.recipients:
                self.assertRegex(address, rf"(?i)@{DOMAIN}$|^postmaster@mail\.posthouse\.test$")
                self.assertNotRegex(address.rpartition("@")[0], "^[^\"]*[@%!]")

    def test_ADDR_01_no_way_around_relay_control(self):
        self.check_relay({})

    def test_ADDR_01_nor_with_other_address_rules(self):
        self.addCleanup(self.mta.write_main_cf, allow_percent_hack="yes", swap_bangpath="yes",
                        allow_untrusted_routing="no")
        self.check_relay({"allow_percent_hack": "no", "swap_bangpath": "no"})

    def test_ADDR_02_nothing_in_an_address_is_executed(self):
        mark = self.mta.directory + "/mark"
        before = set(os.listdir(self.mta.directory)) | set(glob.glob("/tmp/-*"))
        taken = 0
        for number, text in enumerate(PLAIN):
            local = text.replace("{mark}", mark)
            for path in (f"{local}@{DOMAIN}",
                         '"' + local.replace("\\", "\\\\").replace('"', '\\"') + f'"@{DOMAIN}'):
                taken += self.offer(self.wire(), path)
                reply = self.wire().ask(f"MAIL FROM:<{path}>")
                self.assertRegex(reply, r"^(250|5\d\d)", number)
        messages = self.arrived()
        self.assertEqual(len(messages), taken)
        self.assertGreater(taken, len(PLAIN) // 2)
        self.assertFalse(os.path.exists(mark))
        self.assertEqual(set(os.listdir(self.mta.directory)) | set(glob.glob("/tmp/-*")), before)
        for message in messages:
            self.assertTrue(message.recipients[0][0].endswith("@" + DOMAIN))

    def test_ADDR_02_newline_in_a_quoted_string(self):
        for path in (f'"a\r\nRCPT TO:<evil@{DOMAIN}>"@{DOMAIN}', f'"a\nb"@{DOMAIN}',
                     f'"a\rb"@{DOMAIN}'):
            wire = self.wire()
            wire.ask("MAIL FROM:<probe@client.test>")
            wire.send(f"RCPT TO:<{path}>\r\nDATA\r\n".encode())
            self.assertRegex(wire.reply(), r"^5")
            wire.close()
        self.assertEqual(self.arrived(), [])

    def test_ADDR_03_costly_addresses(self):
        began = time.monotonic()
        smtpd = rig.processes("smtpd", self.mta.queue)
        before = rig.cpu_seconds(smtpd)
        for text in ("<>" * 1000, "(" * 2000, "()" * 1000, "\\" * 2000, "\xff" * 2000, '"' * 1999,
                     '"' + "\\\\" * 990, "@" * 2000, "." * 2000, "a." * 1000, "%" * 2000,
                     "!" * 2000, "," * 2000, "g:" * 1000, "[" * 2000, "@a," * 600 + ":b@c"):
            for command in ("MAIL FROM:<%s>", "MAIL FROM:<%s@x.test>", "RCPT TO:<%s>", "VRFY %s",
                            f"RCPT TO:<%s@{DOMAIN}>"):
                wire = self.wire()
                if command.startswith("RCPT"):
                    wire.ask("MAIL FROM:<probe@client.test>")
                self.assertRegex(wire.ask((command % text[:2020]).encode("latin-1")),
                                 r"^([245]\d\d|$)")
                wire.close()
        self.assertLess(rig.cpu_seconds(smtpd) - before, 1.0 * rig.SCALE)
        self.assertLess(time.monotonic() - began, 15)

    def test_ADDR_03_costly_header_addresses(self):
        heads = ["To: " + "(" * 10000 + "x" + ")" * 10000 + " a@b.test",
                 "To: " + "g: " * 3000 + "a@b.test" + ";" * 3000, "From: " + '"' * 9999,
                 "Cc: " + "<>" * 10000, "From: " + "\\" * 20000, "To: " + "\xff" * 20000]
        cleanup = rig.processes("cleanup", self.mta.queue)
        before = rig.cpu_seconds(cleanup)
        for head in heads:
            wire = self.wire(TRUSTED)  # whose headers are rewritten
            reply = wire.message(head.encode("latin-1") + b"\r\n\r\nx")
            self.assertRegex(reply, "^(250|5)")
        self.assertLess(rig.cpu_seconds(cleanup) - before, 1.0 * rig.SCALE)
        self.arrived()

    def test_ADDR_09_address_literals(self):
        for literal, wanted in {"[127.1]": "45", "[999.1.1.1]": "45",
                                "[x": "5", "[]": "45", "[IPv6:::g]": "45", "[127.0.0.1": "5",
                                "[" + "1" * 1000 + "]": "45", "127.0.0.1]": "45",
                                "[127.0.0.1]x": "45", "[IPv6:]": "45"}.items():
            wire = self.wire()
            wire.ask("MAIL FROM:<probe@client.test>")
            self.assertRegex(wire.ask(f"RCPT TO:<u@{literal}>"), f"^[{wanted}]", literal)


if __name__ == "__main__":
    ports.main()
