# SPDX-License-Identifier: Apache-2.0
"""Limits per client: sessions at a time, connections, messages and recipients per time unit, over
all smtpd processes; what is logged of them, and that mail goes on without the counting service."""
import os
import signal
import socket
import subprocess
import unittest

import ports
from harness import Instance

REFUSED = b"421 4.7.0 mail.posthouse.test Error: too many connections from 127.0.0.1\r\n"
STRANGERS = {"mynetworks": "10.0.0.0/8", "relay_domains": "relay.test",
             "relay_recipient_maps": "static:x"}


class Clients:
    """Connections to an instance; all are closed before it stops."""

    def __init__(self, mta):
        self.mta = mta
        self.open = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client, file in self.open:
            file.close()
            client.close()

    def dial(self, source="127.0.0.1", port=None):
        client = socket.create_connection(("127.0.0.1", port or self.mta.smtp_port), 20,
                                          (source, 0))
        self.open.append((client, client.makefile("rb")))
        return self.open[-1]

    def greeting(self, source="127.0.0.1", port=None):
        return self.dial(source, port)[1].readline()

    def hang_up(self, number):
        client, file = self.open.pop(number)
        file.close()
        client.close()


def say(client, file, line):
    client.sendall(line + b"\r\n")
    reply = file.readline()
    while reply[3:4] == b"-":
        reply = file.readline()
    return reply


def kill_anvil(mta):
    found = subprocess.run(["pgrep", "-P", str(mta.master_pid()), "-x", "anvil"],
                           capture_output=True, text=True, check=True)
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
    mta.wait_log("/anvil pid .* killed by signal 9")


class ClientLimits(unittest.TestCase):
    def test_sessions_at_a_time(self):
        with Instance(params={**STRANGERS, "smtpd_client_connection_count_limit": "3"}) as mta, \
                Clients(mta) as clients:
            mta.wait_log("disconnect from")
            self.assertEqual([clients.greeting()[:3] for _ in range(3)], [b"220"] * 3)
            self.assertEqual(clients.greeting(), REFUSED)
            self.assertEqual(clients.greeting("127.0.0.2")[:3], b"220")
            mta.wait_log(r"smtpd\[\d+\]: warning: Connection concurrency limit exceeded: 4 from "
                         r"localhost\[127\.0\.0\.1\] for service 127\.0\.0\.1:\d+")
            clients.hang_up(0)
            ports.wait_until(lambda: clients.greeting()[:3] == b"220", 10, "a free place")

    def test_connections_per_time_unit_and_statistics(self):
        with Instance(params={**STRANGERS, "smtpd_client_connection_rate_limit": "4"}) as mta:
            with Clients(mta) as clients:
                self.assertEqual([clients.greeting() for _ in range(6)][-1], REFUSED)
            mta.wait_log("warning: Connection rate limit exceeded: "
                         r"\d+ from localhost\[127\.0\.0\.1\]")
            mta.command("postfix", "-c", mta.config, "stop")
            mta.wait_log(r"anvil\[\d+\]: statistics: max connection rate \d+/60s for "
                         r"\(127\.0\.0\.1:\d+:127\.0\.0\.1\) at \w{3} [ \d]\d \d\d:\d\d:\d\d")

    def test_messages_per_time_unit(self):
        with Instance(params={**STRANGERS, "smtpd_client_message_rate_limit": "2"}) as mta, \
                Clients(mta) as clients:
            client, file = clients.dial()
            file.readline()
            say(client, file, b"EHLO x.test")
            for _ in range(2):
                self.assertEqual(say(client, file, b"MAIL FROM:<a@x.test>")[:3], b"250")
                say(client, file, b"RSET")
            self.assertEqual(say(client, file, b"MAIL FROM:<a@x.test>"),
                             b"450 4.7.1 Error: too much mail from 127.0.0.1\r\n")
            mta.wait_log("warning: Message delivery request rate limit exceeded: 3 from "
                         r"localhost\[127\.0\.0\.1\] for service")
            self.assertNotIn("reject: MAIL", mta.log())

    def test_recipients_per_time_unit(self):
        with Instance(params={**STRANGERS, "smtpd_client_recipient_rate_limit": "2"}) as mta, \
                Clients(mta) as clients:
            client, file = clients.dial()
            file.readline()
            say(client, file, b"EHLO x.test")
            say(client, file, b"MAIL FROM:<a@x.test>")
            replies = [say(client, file, b"RCPT TO:<b@relay.test>") for _ in range(3)]
            self.assertEqual([reply[:3] for reply in replies[:2]], [b"250"] * 2)
            self.assertEqual(replies[2], b"450 4.7.1 Error: too many recipients from 127.0.0.1\r\n")
            mta.wait_log("warning: Recipient address rate limit exceeded: 3 from localhost")

    def test_own_networks_are_exempt(self):
        with Instance(params={"smtpd_client_connection_count_limit": "1"}) as mta, \
                Clients(mta) as clients:
            self.assertEqual([clients.greeting()[:3] for _ in range(3)], [b"220"] * 3)

    def test_a_network_counts_as_one_client(self):
        with Instance(params={**STRANGERS, "smtpd_client_connection_count_limit": "1",
                              "smtpd_client_ipv4_prefix_length": "24"}) as mta, \
                Clients(mta) as clients:
            mta.wait_log("disconnect from")
            self.assertEqual([clients.greeting(source)[:3] for source in
                              ("127.0.0.7", "127.0.0.8", "127.0.1.8")], [b"220", b"421", b"220"])

    def test_nobody_is_limited_without_the_counting_service(self):
        with Instance(params={**STRANGERS, "smtpd_client_connection_count_limit": "1"}) as mta, \
                Clients(mta) as clients:
            mta.wait_log("disconnect from")
            clients.greeting()
            self.assertEqual(clients.greeting(), REFUSED)
            kill_anvil(mta)
            ports.wait_until(lambda: clients.greeting()[:3] == b"220", 20, "a greeting")
            self.assertRegex(mta.log(), "killed by signal 9")

    def test_a_new_counting_service_bears_with_sessions_it_never_saw(self):
        with Instance(params={**STRANGERS, "smtpd_client_connection_count_limit": "1"},
                      master=["smtp inet n - n - 1 smtpd"]) as mta, Clients(mta) as clients:
            mta.wait_log("disconnect from")
            self.assertEqual(clients.greeting("127.0.0.7")[:3], b"220")
            kill_anvil(mta)
            self.assertEqual(clients.greeting("127.0.0.8")[:3], b"220")
            clients.hang_up(0)  # That of 127.0.0.7, which the new one does not know.
            mta.wait_log(r"disconnect from \w+\[127\.0\.0\.7\]")
            self.assertEqual(clients.greeting("127.0.0.8")[:3], b"421")
            self.assertNotRegex(mta.log(), r"anvil\[\d+\]: warning")

    def test_a_full_service_lets_a_second_client_wait(self):
        port = ports.free_port()
        one_each = "n - n - 1 smtpd -o smtpd_client_limit=1"
        with Instance(master=[f"smtp inet {one_each}", f"0.0.0.0:{port} inet {one_each}"]) as mta, \
                Clients(mta) as clients:
            mta.wait_log("disconnect from")
            for number in (mta.smtp_port, port):
                self.second_waits(clients, number)
            # As with Postfix, one process serves one client by intent: no news (but see
            # master_test.py).
            self.assertNotIn("has reached its process limit", mta.log())

    def second_waits(self, clients, port):
        self.assertEqual(clients.greeting(port=port)[:3], b"220")
        second, file = clients.dial(port=port)
        second.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            second.recv(1)
        clients.hang_up(-2)
        second.settimeout(10)
        self.assertEqual(file.readline()[:3], b"220")
        self.assertEqual(say(second, file, b"EHLO x.test")[:3], b"250")


if __name__ == "__main__":
    ports.main()
