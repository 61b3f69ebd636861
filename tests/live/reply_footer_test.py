# SPDX-License-Identifier: Apache-2.0
"""smtpd_reject_footer, smtpd_client_port_logging, smtpd_command_filter, and tables in
smtpd_forbidden_commands and smtpd_noop_commands, as a client and a log reader see them. Also true
of Postfix (POSTHOUSE_MTA=postfix)."""
import re
import socket
import unittest

import ports
from harness import Instance

GOODBYE = "221 2.7.0 Error: I can break rules, too. Goodbye."
UNKNOWN = "500 5.5.2 Error: command not recognized"
CHECKS = ("check_recipient_access regexp:{{/^bad/ 550 5.1.1 no such user}}, "
          "permit_mynetworks, reject")
BASE = {"myhostname": "mail.example.com", "mydestination": "", "smtpd_peername_lookup": "no",
        "mynetworks": "127.0.0.0/8", "default_transport": "discard:",
        "smtpd_error_sleep_time": "0", "smtpd_recipient_restrictions": CHECKS}


class Client:
    """One dialogue; each reply is its lines joined by |."""
    def __init__(self, mta):
        self.socket = socket.create_connection(("127.0.0.1", mta.smtp_port), timeout=20)
        self.port = self.socket.getsockname()[1]
        self.file = self.socket.makefile("rb")
        self.reply()

    def reply(self):
        lines = []
        while not lines or lines[-1][3:4] == "-":
            line = self.file.readline().decode()
            if not line:
                raise EOFError(lines)
            lines.append(line.rstrip("\r\n"))
        return "|".join(lines)

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\r\n")
        return self.reply()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()


class CommandFilter(unittest.TestCase):
    def test_lines_are_replaced(self):
        rules = ("regexp:{{/^HELLO (.*)/ EHLO $$1} {/^  *NOOP/ BAD} {/^RCPT TO:<to>/ "
                 "RCPT TO:<a@c.example>} {/^XX/ BAD cmd}}")
        with Instance(params={**BASE, "smtpd_command_filter": rules}) as mta, Client(mta) as client:
            self.assertEqual(client.ask("HELLO client.test")[:3], "250")
            self.assertEqual(client.ask("  NOOP"), "250 2.0.0 Ok")
            client.ask("MAIL FROM:<a@b.example>")
            self.assertEqual(client.ask("RCPT TO:<to>"), "250 2.1.5 Ok")
            self.assertEqual(client.ask("XX"), UNKNOWN)
            for old, new in (("HELLO client.test", "EHLO client.test"), ("XX", "BAD cmd"),
                             ("RCPT TO:<to>", "RCPT TO:<a@c.example>")):
                mta.wait_log(rf'smtpd\[\d+\]: \w+\[127\.0\.0\.1\]: replacing command "{old}" with '
                             rf'"{new}"')

    def test_doubt_ends_the_session(self):
        with Instance(params={**BASE, "smtpd_command_filter": "fail:x"}) as mta, \
                Client(mta) as client:
            self.assertEqual(client.ask("EHLO client.test"),
                             "421 4.3.0 mail.example.com Server local data error")
            self.assertEqual(client.file.read(), b"")
            mta.wait_log(r'warning: .*lookup error for "EHLO client.test"')
            mta.wait_log(r"NOQUEUE: reject: CONNECT from \w+\[127.0.0.1\]: 421 4.3.0 "
                         r"mail.example.com Server local data error")


class Footers(unittest.TestCase):
    def test_lines(self):
        footer = r"call $$1\nfrom ${client_address}:$client_port to $(server_name)"
        with Instance(params={**BASE, "smtpd_reject_footer": footer}) as mta, Client(mta) as client:
            lines = f"from 127.0.0.1:{client.port} to mail.example.com"
            self.assertNotIn("call", client.ask("EHLO client.test"))
            self.assertEqual(client.ask("FOO"),
                             f"500-5.5.2 Error: command not recognized|500-5.5.2 call $1|"
                             f"500 5.5.2 {lines}")
            client.ask("MAIL FROM:<a@b.example>")
            self.assertEqual(client.ask("RCPT TO:<bad@c.example>"),
                             "550-5.1.1 <bad@c.example>: Recipient address rejected: no such user|"
                             f"550-5.1.1 call $1|550 5.1.1 {lines}")
            mta.wait_log(r"reject: RCPT from .*: Recipient address rejected: no such user; from=")
            self.assertNotIn("call $1", mta.log())

    def test_same_line(self):
        params = {**BASE, "smtpd_reject_footer": r"\c. It is $localtime."}
        with Instance(params=params) as mta, Client(mta) as client:
            self.assertRegex(client.ask("FOO"),
                             "^" + UNKNOWN + r"\. It is [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.$")


class Ports(unittest.TestCase):
    def test_log_lines(self):
        params = {**BASE, "smtpd_client_port_logging": "yes",
                  "header_checks": "regexp:{{/^X-Odd/ WARN hm}}"}
        with Instance(params=params) as mta:
            with Client(mta) as client:
                who = re.escape(f"unknown[127.0.0.1]:{client.port}")
                client.ask("EHLO client.test")
                client.ask("MAIL FROM:<a@b.example>")
                client.ask("RCPT TO:<bad@c.example>")
                client.ask("RCPT TO:<good@c.example>")
                client.ask("DATA")
                self.assertRegex(client.ask("X-Odd: 1\r\n\r\n."), "^250 ")
            for line in (f"smtpd.*: connect from {who}$",
                         f"NOQUEUE: reject: RCPT from {who}: 550 5.1.1 <bad@c.example>: ",
                         f"smtpd.*: [0-9A-Za-z]+: client={who}$",
                         f"cleanup.*: warning: header X-Odd: 1 from {who}; from=<a@b.example>",
                         f"smtpd.*: disconnect from {who} ehlo=1 mail=1 rcpt=1/2 data=1 "):
                mta.wait_log("(?m)" + line)
            with Client(mta) as client:
                client.ask("EHLO client.test")
            mta.wait_log("lost connection after EHLO from "
                         + re.escape(f"unknown[127.0.0.1]:{client.port}"))


class Commands(unittest.TestCase):
    def test_lists(self):
        params = {**BASE, "smtpd_noop_commands": "regexp:{{/^mai/ x}} WHAT",
                  "smtpd_forbidden_commands": "!getx regexp:{{/^get/ x} {/^[0-9]/ x}} FOO"}
        with Instance(params=params) as mta:
            for line, want in (("gety a", GOODBYE), ("1x", GOODBYE), ("foo x", GOODBYE),
                               ("Subject: x", GOODBYE), ("getx", UNKNOWN), ("+x", UNKNOWN),
                               ("POST", UNKNOWN), ("Sub ject: x", UNKNOWN)):
                with Client(mta) as client:
                    self.assertEqual(client.ask(line), want, line)
            mta.wait_log(r"warning: non-SMTP command from .*: gety a\n")
            with Client(mta) as client:
                self.assertEqual(client.ask("mail nonsense"), "250 2.0.0 Ok")
                self.assertEqual(client.ask("what"), "250 2.0.0 Ok")
                client.ask("QUIT")
            mta.wait_log(r"disconnect from .* quit=1 commands=1\n")

    def test_ignored_commands_are_junk(self):
        params = {**BASE, "smtpd_noop_commands": "WHAT", "smtpd_junk_command_limit": "2",
                  "smtpd_hard_error_limit": "3"}
        with Instance(params=params) as mta, Client(mta) as client:
            for _ in range(6):
                self.assertEqual(client.ask("what"), "250 2.0.0 Ok")
            self.assertRegex(client.reply(), "^421 4.7.0 .* Error: too many errors$")
            mta.wait_log("too many errors after CONNECT from ")


if __name__ == "__main__":
    ports.main()
