# SPDX-License-Identifier: Apache-2.0
"""Real mail through the whole of it: SMTP over 20 sessions, queue, LMTP into Dovecot, IMAP.

300 messages, spread over the corpus; CORPUS=all for all 6,046 (make check-corpus), CORPUS=n for n.
POSTHOUSE_MTA=postfix sends them through Debian's Postfix: the rules in corpus.py hold there too.
"""
import collections
import os
import re
import time
import unittest

import corpus
import log_lines
import ports
from dovecot import Dovecot
from harness import OURS, Instance

SESSIONS = 20
TRACE = ("return-path", "delivered-to", "received")  # of Dovecot's LMTP, then of ours
PARAMS = {
    "virtual_mailbox_domains": "corpus.test",
    "virtual_mailbox_maps": "static:all",
    "virtual_transport": "lmtp:unix:private/dovecot-lmtp",
    # As mail of strangers is treated: no header field is added or completed.
    "local_header_rewrite_clients": "",
}


def wanted_count():
    text = os.environ.get("CORPUS", "300")
    return None if text == "all" else int(text)


def envelope(_, number):
    """The sender names the message, so that it is known again by the Return-Path of the store."""
    return f"m{number}@from.test", f"user{number % SESSIONS}@corpus.test"


def number_of(stored):
    return int(re.match(rb"Return-Path: <m(\d+)@from\.test>", stored).group(1))


class Corpus(unittest.TestCase):
    def test_every_message_arrives_as_it_was_sent(self):
        batch = corpus.messages(wanted_count())
        with Instance(params=PARAMS) as mta, \
                Dovecot(lmtp_socket=mta.queue + "/private/dovecot-lmtp") as store:
            began = time.monotonic()
            self.assertEqual(corpus.send_all(mta.smtp_port, batch, SESSIONS, envelope), [])
            sent = time.monotonic()
            mta.wait_log(r"status=(?!sent)|to=<[^>]*>,.* status=sent", len(batch), timeout=600)
            done = time.monotonic()
            log = mta.log()
            self.assertEqual(re.findall(r".*status=(?!sent).*", log)[:3], [])
            arrived = [m for n in range(SESSIONS) for m in store.messages(f"user{n}@corpus.test")]
        print(f"{len(batch)} messages, {sum(len(m.data) for m in batch)} bytes: accepted in "
              f"{sent - began:.1f} s, delivered in {done - began:.1f} s")
        self.compare(batch, arrived)
        log_lines.check(self, log)

    def compare(self, batch, arrived):
        numbers = collections.Counter(number_of(stored) for stored in arrived)
        self.assertEqual({n: count for n, count in numbers.items() if count != 1}, {}, "twice")
        self.assertEqual(sorted(set(range(len(batch))) - set(numbers)), [], "not arrived")
        wrong, classes = [], collections.Counter()
        for stored in arrived:
            message = batch[number_of(stored)]
            sent = message.data if OURS else re.sub(rb"\r+\n", b"\r\n", message.data)
            fault = corpus.difference(sent, stored, TRACE)
            if fault:
                wrong.append(f"{message.name}: {fault}")
            classes.update(corpus.expected(message.data)[1])
        print("by class:", dict(sorted(classes.items())), "other differences:", len(wrong))
        self.assertEqual(wrong[:5], [], f"{len(wrong)} messages differ")


if __name__ == "__main__":
    ports.main()
