# SPDX-License-Identifier: Apache-2.0
"""The harness and the peers, with no part of ours: Debian's Postfix is the instance under test."""
import smtplib
import unittest

import harness
import peers
import ports
from dovecot import Dovecot
from smtp_sink import SmtpSink

TEXT = b"Subject: hello\r\n\r\n.dot first\r\nline\r\n"


class MasterCf(unittest.TestCase):
    def test_smtp_moves_chroot_goes_and_extra_lines_replace(self):
        text = "# comment\nsmtp inet n - y - - smtpd\n  -o a=b\nsmtp unix - - y - - smtp\n"
        made = harness.make_master_cf(text, "127.0.0.1:2525",
                                      ["smtp unix - - n - 3 smtp -o c=d", "x unix - - y - 1 error"])
        self.assertEqual(made.split("\n"), [
            "127.0.0.1:2525 inet n - n - - smtpd", "  -o a=b", "smtp unix - - n - 3 smtp -o c=d",
            "x unix - - y - 1 error", ""])

    def test_deliveries_reads_log_lines(self):
        line = "postfix/smtp[1]: 4ABC: to=<b@y.test>, relay=none, dsn=4.4.1, status=deferred (x)"
        self.assertEqual(harness.deliveries(line), [("4ABC", "b@y.test", "deferred")])


class Peers(unittest.TestCase):
    def pass_through(self, peer, sink):
        with smtplib.SMTP("127.0.0.1", peer.port, timeout=20) as smtp:
            smtp.sendmail("a@x.test", ["b@y.test"], TEXT)
        message = sink.wait_messages(1, timeout=30)[0]
        self.assertTrue(message.data.endswith(b"\r\n\r\n.dot first\r\nline\r\n"), message.data)
        self.assertEqual(message.recipients[0][0], "b@y.test")

    def test_postfix_relays_and_the_instance_tells(self):
        with SmtpSink() as sink, peers.PostfixPeer(sink.port) as peer:
            self.pass_through(peer, sink)
            peer.wait_log(r"to=<b@y\.test>.* status=sent")
            peer.wait_empty()
            self.assertEqual(peer.command("postconf", "-h", "myhostname").stdout,
                             "postfix.peer.test\n")
            pid = peer.master_pid()
            self.assertGreater(pid, 1)
        self.assertEqual(peer.master_pid(), 0)

    def test_exim_relays(self):
        with SmtpSink() as sink, peers.EximPeer(sink.port) as peer:
            self.pass_through(peer, sink)

    def test_opensmtpd_relays(self):
        with SmtpSink() as sink, peers.OpensmtpdPeer(sink.port) as peer:
            self.pass_through(peer, sink)


class Store(unittest.TestCase):
    def test_dovecot_takes_by_lmtp_and_gives_by_imap(self):
        with Dovecot() as store:
            for target in (("127.0.0.1", store.lmtp_port), (store.lmtp_socket,)):
                with smtplib.LMTP(*target) as lmtp:
                    lmtp.sendmail("a@x.test", ["joe@y.test"], TEXT)
            found = store.messages("joe@y.test")
            self.assertEqual(len(found), 2)
            self.assertTrue(found[0].endswith(b"\r\n\r\n.dot first\r\nline\r\n"))


if __name__ == "__main__":
    ports.main()
