# SPDX-License-Identifier: Apache-2.0
"""STATE-*, PIPE-*, CMD-*, BDAT-*: commands out of order, out of time, out of size."""
import random
import re
import select
import time

import rig
from rig import DOMAIN, STRANGER, TRUSTED
import ports

RCPT = f"RCPT TO:<joe@{DOMAIN}>"
MAIL = "MAIL FROM:<first@client.test>"
MIB = 1024 * 1024


class State(rig.Case):
    params = {"smtpd_end_of_data_restrictions":
              "check_sender_access inline:{refused@client.test=REJECT}"}

    def refuse_at_end(self, wire):
        reply = wire.message(b"Subject: x\r\n\r\nx", "refused@client.test")
        self.assertRegex(reply, "^5")

    def test_STATE_01_nothing_is_left_of_a_message_refused_at_its_end(self):
        wire = self.wire()
        for hostile in (self.refuse_at_end, self.too_many_hops):
            hostile(wire)
            self.assertRegex(wire.ask(RCPT), "^503")
            self.assertRegex(wire.ask("DATA"), "^503")
            self.assertRegex(wire.ask("BDAT 3 LAST\r\nx"), "^503")
        self.assertEqual(self.arrived(), [])

    def too_many_hops(self, wire):
        received = b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n"
        self.assertRegex(wire.message(received * 60 + b"\r\nx"), "^5")

    def test_STATE_02_nothing_is_left_of_a_failed_chunk(self):
        wire = self.wire()
        self.assertRegex(wire.ask("BDAT 4 LAST\r\nab"), "^503")
        self.assertRegex(wire.ask("DATA"), "^503")
        self.assertRegex(wire.ask(MAIL), "^250")
        self.assertRegex(wire.ask("BDAT 4 LAST\r\nab"), "^(503|554)")
        self.assertRegex(wire.ask("DATA"), "^(503|554)")
        wire.ask("RSET")
        wire.begin("refused@client.test")
        self.assertRegex(wire.ask("BDAT 4 LAST\r\nab"), "^5")
        self.assertRegex(wire.ask("DATA"), "^503")
        self.assertRegex(wire.ask(RCPT), "^503")
        self.assertEqual(self.arrived(), [])

    def test_STATE_03_utf8_addresses_without_the_option(self):
        wire = self.wire()
        for command in ("MAIL FROM:<m\u00fcller@x.test>", "RCPT TO:<m\u00fcller@x.test>",
                        "VRFY m\u00fcller@x.test", "DATA"):
            self.assertRegex(wire.ask(command), "^(250|252|5|454)")

    def test_STATE_06_orders_that_are_not_legal(self):
        wire = self.wire(ehlo=False)
        self.assertRegex(wire.ask("DATA"), "^503")
        self.assertRegex(wire.ask("RSET"), "^250")
        wire.ehlo()
        self.assertRegex(wire.ask(MAIL), "^250")
        self.assertRegex(wire.ask(MAIL), "^503")
        wire.ehlo()  # as RSET
        self.assertRegex(wire.ask(RCPT), "^503")
        self.assertRegex(wire.ask("DATA"), "^503")
        wire = self.wire()
        wire.ask(MAIL)
        commands = "".join(f"RCPT TO:<u{n}@elsewhere.test>\r\n" for n in range(15)) + "DATA\r\n"
        wire.send(commands.encode())
        refused = [wire.reply()[:3] for _ in range(16)]
        self.assertEqual(set(refused[:15]), {"454"})
        self.assertEqual(refused[15], "554")
        self.assertRegex(wire.ask("RSET"), "^250")
        self.assertEqual(self.arrived(), [])

    def test_STATE_05_random_walk_over_the_wire(self):
        chance = random.Random(5)
        verbs = ["HELO a", "EHLO a", MAIL, "MAIL FROM:<>", RCPT, "RCPT TO:<x@elsewhere.test>",
                 "DATA", "RSET", "NOOP", "VRFY joe", "BDAT 0 LAST", "BDAT 3\r\nabc", "BDAT x",
                 "ETRN x", "HELP", "EXPN x", "STARTTLS", "AUTH PLAIN", "X", "MAIL FROM:<a b>"]
        accepted, steps = 0, 0
        while steps < 3000:
            with self.wire(ehlo=False) as wire:
                while steps < 3000:
                    steps += 1
                    reply = wire.ask(chance.choice(verbs))
                    if reply.startswith("354"):
                        wire.send(b"Subject: walk\r\n\r\nwalk\r\n.\r\n")
                        reply = wire.reply()
                    accepted += "queued as" in reply
                    if not reply or reply.startswith("421"):
                        break
                    self.assertRegex(reply, r"^[2345]\d\d[ -]")
        self.assertEqual(len(self.arrived()), accepted)


class Pipelining(rig.Case):
    def test_PIPE_01_commands_before_the_greeting(self):
        talk = f"EHLO x\r\n{MAIL}\r\n{RCPT}\r\nDATA\r\nx\r\n.\r\nQUIT\r\n".encode()
        for _ in range(10):
            with rig.Wire(self.mta.smtp_port, STRANGER, greeting=False) as wire:
                wire.send(talk)
                replies = wire.replies()
            self.assertRegex(replies[-1], "^554 5.5.0")
        self.assertEqual(self.arrived(), [])

    def test_PIPE_01_recipient_pipelined_after_ehlo(self):
        wire = self.wire(ehlo=False)
        wire.send(f"EHLO x\r\n{MAIL}\r\n{RCPT}\r\n".encode())
        self.assertRegex(wire.replies()[-1], "^554 5.5.0")

    def test_PIPE_01_body_pipelined_behind_data(self):
        wire = self.wire()
        wire.begin()
        wire.send(b"DATA\r\nSubject: early\r\n\r\nearly\r\n.\r\n" + MAIL.encode() + b"\r\n")
        self.assertRegex(wire.replies()[-1], "^554 5.5.0")
        self.assertEqual(self.arrived(), [])

    def test_PIPE_02_a_flood_without_reading_ends(self):
        for command in (b"NOOP\r\n", b"RSET\r\n", b"VRFY joe\r\n"):
            wire = self.wire()
            wire.socket.setblocking(False)
            sent, data = 0, command * 20000
            deadline = time.monotonic() + 5
            while sent < len(data) and time.monotonic() < deadline:
                _, writable, _ = select.select([], [wire.socket], [], 0.5)
                if not writable:
                    break
                try:
                    sent += wire.socket.send(data[sent:sent + 65536])
                except OSError:
                    break
            wire.socket.setblocking(True)
            wire.socket.settimeout(10)
            replies = wire.replies()
            self.assertRegex(replies[-1] if replies else "421", "^(421|250|252|220|554)")
            self.assertLess(len(replies), 1000)


class Commands(rig.Case):
    def test_CMD_01_a_line_without_end(self):
        wire = self.wire()
        wire.socket.settimeout(10)
        block, sent = b"A" * MIB, 0
        while sent < 1024 and wire.send(block):
            sent += 1
        self.assertLess(sent, 64, "MiB of one line were taken")
        self.wait_log(r"request longer than|too long")

    def test_CMD_01_byte_by_byte(self):
        wire = self.wire()
        for _ in range(100):
            self.assertTrue(wire.send(b"A"))
        wire.send(b"\r\n")
        self.assertRegex(wire.reply(), "^500|^502")

    def test_CMD_02_sizes_of_arguments(self):
        for verb in ("EHLO ", "HELO ", "MAIL FROM:", "RCPT TO:", "VRFY ", "NOOP ", "ETRN ", "BDAT ",
                     "X"):
            wire = self.wire()
            for size in (0, 1, 255, 512, 2030, 2047, 2048, 2049, 4096, 12000, 65536):
                reply = wire.ask(verb + "a" * size)
                if not reply or reply.startswith("421"):
                    wire = self.wire()
                self.assertRegex(reply, r"^([245]\d\d|$)")
                if size > 2048:
                    self.assertRegex(reply, "^(5|421|$)")

    def test_CMD_03_limits_of_addresses_and_lines(self):
        wire = self.wire(TRUSTED)
        local = "l" * 64
        domain = ".".join(["d" * 63] * 3 + ["d" * 61])
        for path in (f"{local}@{DOMAIN}", f"x@{domain}"[:254]):
            wire.ask("RSET")
            wire.ask(MAIL)
            self.assertRegex(wire.ask(f"RCPT TO:<{path}>"), "^250", path)
        for path in (f"x@{domain}{'.d' * 100}", f"{'l' * 2000}@{DOMAIN}"):
            self.assertRegex(wire.ask(f"RCPT TO:<{path}>"), "^5|^421", path)
        for size in (998, 999, 1000, 1001, 100_000):
            wire = self.wire(TRUSTED)
            reply = wire.message(b"Subject: long\r\n\r\n" + b"x" * size)
            self.assertRegex(reply, "^250")
        for message in self.arrived():
            self.assertLessEqual(max(map(len, message.data.split(b"\r\n"))), 999)

    def test_CMD_03_recipients(self):
        wire = self.wire(TRUSTED)
        wire.ask(MAIL)
        wire.send(b"".join(b"RCPT TO:<u%d@%s>\r\n" % (n, DOMAIN.encode()) for n in range(1010)))
        codes = [wire.reply()[:3] for _ in range(1010)]
        self.assertEqual(codes, ["250"] * 1000 + ["452"] * 10)

    def test_CMD_04_bytes_that_do_not_belong(self):
        odd = [0, 1, 7, 8, 11, 12, 13, 27, 127, 128, 255]
        for template in (b"E%cHLO x", b"EHLO x%cy", b"MAIL FROM:<a%cb@x.test>",
                         b"MAIL FROM:<a@x%cy.test>", b"MAIL FROM:<a@x.test> SIZE=1%c",
                         b"RCPT TO:<a%cb@" + DOMAIN.encode() + b">", b"%c", b"VRFY a%cb"):
            for byte in odd:
                wire = self.wire()
                if template.startswith(b"RCPT"):
                    wire.ask(MAIL)
                reply = wire.ask(template.replace(b"%c", bytes([byte])))
                self.assertRegex(reply, r"^([25]\d\d|$)")
                if byte == 0:
                    self.assertRegex(reply, "^5")
                if reply.startswith("250") and template.startswith(b"RCPT"):
                    wire.send(b"DATA\r\n")
                    wire.expect("354")
                    wire.send(b"\r\n.\r\n")
                    wire.reply()
                wire.close()
        for message in self.arrived():
            for address, _ in message.recipients:
                self.assertRegex(address, r"^(\"?a.*b\"?)@" + re.escape(DOMAIN))

    def test_CMD_05_odd_parameters(self):
        wire = self.wire()
        for tail in (" =", " =x", ' "', ' SIZE="', " SIZE", " " + "X=1 " * 100, " FOO=BAR",
                     " BODY=9BIT", " BODY=", " SIZE=1=2"):
            reply = wire.ask(f"MAIL FROM:<a@b.test>{tail}")
            self.assertRegex(reply, "^(501|555|500|504|421)", tail)
            if wire.ask("RSET") != "250 2.0.0 Ok":
                wire = self.wire()

    def test_CMD_06_line_breaks_in_xtext(self):
        accepted = 0
        for value in ("+0A", "a+0D+0ADATA", "+00", "a+", "a+4", "+0a", "+7F", "+1B[2J"):
            # AUTH= of a client that nobody vouches for is taken and forgotten (RFC 4954 5).
            for command in ("MAIL FROM:<a@b.test> AUTH=", "MAIL FROM:<a@b.test> ENVID=",
                            f"{RCPT} ORCPT=rfc822;"):
                wire = self.wire()
                if command.startswith("RCPT"):
                    wire.ask(MAIL)
                reply = wire.ask(command + value)
                if not command.endswith("AUTH=") and not value.startswith(("+7F", "+1B")):
                    self.assertRegex(reply, "^5", command + value)
                if reply.startswith("250"):
                    if not command.startswith("RCPT"):
                        wire.ask(RCPT)
                    wire.data()
                    wire.send(b"x\r\n.\r\n")
                    accepted += wire.reply().startswith("250")
        messages = self.arrived()
        self.assertEqual(len(messages), accepted)
        for message in messages:
            for text in [message.sender_options] + [options for _, options in message.recipients]:
                self.assertRegex(text, r"^[\x20-\x7e]*$")

    def test_CMD_07_dsn_values_travel_exactly(self):
        wire = self.wire(TRUSTED)
        self.assertRegex(wire.ask("MAIL FROM:<dsn@b.test> RET=HDRS ENVID=a+2Bb+3Dc"), "^250")
        self.assertRegex(wire.ask(f"{RCPT} NOTIFY=FAILURE,DELAY ORCPT=rfc822;o+2Bp@x.test"), "^250")
        wire.data()
        wire.send(b"x\r\n.\r\n")
        wire.expect("250")
        message = self.arrived()[-1]
        self.assertIn("ENVID=a+2Bb+3Dc", message.sender_options)
        self.assertIn("RET=HDRS", message.sender_options)
        self.assertIn("ORCPT=rfc822;o+2Bp@x.test", message.recipients[0][1])
        self.assertRegex(message.recipients[0][1], "NOTIFY=(FAILURE,DELAY|DELAY,FAILURE)")

    def test_CMD_08_sizes_that_are_not(self):
        for value, wanted in {"0": "250", "-1": "501", "2147483648": "552",
                              "9223372036854775808": "501|552", "18446744073709551616": "501|552",
                              "99999999999999999999": "501|552", "1e9": "501", "0x10": "501",
                              "": "501|500|555", " 1": "501|555", "+1": "501"}.items():
            reply = self.wire().ask(f"MAIL FROM:<a@b.test> SIZE={value}")
            self.assertRegex(reply, f"^({wanted})", f"SIZE={value}")


class Chunks(rig.Case):
    def test_BDAT_01_out_of_place(self):
        wire = self.wire()
        for before in ((), (MAIL,)):
            for command in before:
                wire.ask(command)
            self.assertRegex(wire.ask("BDAT 6 LAST\r\nQUIT"), "^(503|554)")  # bytes are skipped
            wire.ask("RSET")
        wire.begin()
        wire.send(b"BDAT 6\r\nQUIT\r\n")
        wire.expect("250")
        self.assertRegex(wire.ask("DATA"), "^503")
        self.assertRegex(wire.ask("RSET"), "^250")
        wire.begin("empty@client.test")
        self.assertRegex(wire.ask("BDAT 0 LAST"), "^250")
        self.assertEqual([m.sender for m in self.arrived()], ["empty@client.test"])

    def test_BDAT_01_sizes(self):
        for size in ("-1", "+5", "5 5", "x", "", "0x5", "9223372036854775808",
                     "18446744073709551616", "5  LAST LAST", "5 FIRST", "1.5"):
            wire = self.wire()
            wire.begin()
            self.assertRegex(wire.ask(f"BDAT {size}"), "^(501|552|521)", size)
            self.assertRegex(wire.ask("QUIT"), "^(221|$)")
        for size in (2 ** 31, 2 ** 63 - 1):
            wire = self.wire()
            wire.begin()
            wire.send(b"BDAT %d LAST\r\n" % size + b"MAIL FROM:<evil@x.test>\r\n" * 10)
            self.assertEqual([r[:3] for r in wire.replies()][:1], ["552"])
        self.assertEqual(self.arrived(), [])

    def test_BDAT_01_client_leaves_in_a_chunk(self):
        wire = self.wire()
        wire.begin()
        wire.send(b"BDAT 1000 LAST\r\nhalf of it")
        wire.close()
        self.wait_log(r"lost connection after BDAT")
        self.assertEqual(self.arrived(), [])

    def test_BDAT_02_many_small_chunks(self):
        wire = self.wire()
        wire.begin()
        before = max(rig.memory_kib(pid) for pid in rig.processes("smtpd", self.mta.queue))
        text = b"x" * 20000
        for start in range(0, len(text), 1000):
            wire.send(b"".join(b"BDAT 1\r\n%c" % byte for byte in text[start:start + 1000]))
            for _ in range(1000):
                wire.expect("250")
        self.assertRegex(wire.ask("BDAT 0 LAST"), "^250")
        after = max(rig.memory_kib(pid) for pid in rig.processes("smtpd", self.mta.queue))
        self.assertLess(after - before, 4096 * rig.SCALE)
        self.assertIn(text, b"".join(self.arrived()[0].data.split()))

    def test_BDAT_03_far_above_the_limit(self):
        wire = self.wire()
        wire.begin()
        wire.socket.settimeout(20)
        wire.send(b"BDAT %d LAST\r\n" % (1024 * MIB))
        sent = 0
        while sent < 1024 and wire.send(b"x" * MIB):
            sent += 1
        self.assertLess(sent, 100, "MiB were read")
        self.assertEqual(self.arrived(), [])

    def test_BDAT_04_content_is_exact(self):
        text = b"Subject: sp\r\nlit: x\r\n\r\nline\r\n.dot\r\n\xff\xfe\r\nend without CRLF"
        for size in (1, 2, 3, 7, len(text)):
            wire = self.wire()
            wire.begin()
            for start in range(0, len(text), size):
                part = text[start:start + size]
                wire.send(b"BDAT %d\r\n" % len(part) + part)
                wire.expect("250")
            self.assertRegex(wire.ask("BDAT 0 LAST"), "^250")
        messages = self.arrived()
        self.assertEqual(len(messages), 5)
        for message in messages:
            self.assertEqual(rig.body(message.data).rstrip(b"\r\n"), rig.body(text))


if __name__ == "__main__":
    ports.main()
