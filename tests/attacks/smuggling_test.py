# SPDX-License-Identifier: Apache-2.0
"""SMUG-*: what is not CRLF.CRLF does not end a message, on the way in and on the way out."""
import re
import threading

import rig
from rig import DOMAIN, ENDINGS, STRANGER, TRUSTED, Wire, body
import ports
from smtp_sink import SmtpSink

EVIL = b"evil@client.test"
SECOND = (b"MAIL FROM:<" + EVIL + b">\r\nRCPT TO:<victim@%s>\r\nDATA\r\n" % DOMAIN.encode()
          + b"Subject: second\r\n\r\nsmuggled")
END = b"\r\n.\r\n"
DOTS = b"..two\r\n.one"
DOTS_STUFFED = b"...two\r\n..one"


def bare(data):
    """Positions of CR without LF and of LF without CR."""
    return [m.start() for m in re.finditer(rb"\r(?!\n)|(?<!\r)\n", data)]


class Inbound(rig.Case):
    def assert_one_message(self, sender, reply):
        """Accepted as one message or refused; the second envelope never came to be."""
        self.assertRegex(reply, r"^(250|5\d\d|$)")
        found = [m for m in self.arrived() if m.sender == sender]
        self.assertEqual(len(found), 1 if reply.startswith("250") else 0)
        self.assertEqual([m for m in self.sink.messages if m.sender.encode() == EVIL], [])

    def smuggle(self, source, name, number):
        """Sends the body with this ending and a second message behind it in one write."""
        sender = f"one-{number}@client.test"
        with Wire(self.mta.smtp_port, source) as wire:
            wire.ehlo()
            wire.begin(sender)
            wire.data()
            wire.send(b"Subject: first\r\n\r\nbefore" + ENDINGS[name] + SECOND + END)
            reply = wire.reply()
            if reply.startswith("250"):
                wire.send(b"QUIT\r\n")
                self.assertRegex(wire.reply(), "^221", "a reply to something smuggled")
        return sender, reply

    def test_SMUG_01_nothing_but_the_right_end_ends_a_message(self):
        number = 0
        for source in (STRANGER, TRUSTED):
            for name in ENDINGS:
                with self.subTest(ending=name, source=source):
                    number += 1
                    self.assert_one_message(*self.smuggle(source, name, number))

    def split_everywhere(self, name, wanted, faults):
        """One session: the message of SMUG-01 again and again, cut at every position."""
        ending = ENDINGS[name]
        text = b"Subject: first\r\n\r\nbefore" + ending + SECOND + END
        with Wire(self.mta.smtp_port, STRANGER) as wire:
            wire.ehlo()
            for cut in range(len(b"Subject: first\r\n\r\nbefor"), len(text)):
                wire.begin(f"split-{cut}@client.test")
                wire.data()
                wire.send(text[:cut])
                self.pause.wait(0.001)
                wire.send(text[cut:])
                reply = wire.reply()
                if reply[:3] != wanted[:3]:
                    faults.append((name, cut, reply))
                if not reply.startswith("250"):
                    return

    def test_SMUG_02_splits_change_nothing(self):
        self.pause = threading.Event()
        faults, workers, wanted = [], [], {}
        for number, name in enumerate(ENDINGS):
            sender, reply = self.smuggle(STRANGER, name, f"whole-{number}")
            wanted[name] = (sender, reply)
        for name, (_, reply) in wanted.items():
            workers.append(threading.Thread(target=self.split_everywhere,
                                            args=(name, reply, faults)))
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(faults, [])
        messages = self.arrived()
        whole = {body(m.data) for m in messages if m.sender.startswith("one-")}
        split = [body(m.data) for m in messages if m.sender.startswith("split-")]
        self.assertGreater(len(split), 1000)
        self.assertEqual([data for data in split if data not in whole], [])
        self.assertEqual([m for m in messages if m.sender.encode() == EVIL], [])

    def test_SMUG_08_chunks_may_hold_any_ending(self):
        for number, (name, ending) in enumerate([*ENDINGS.items(), ("CRLF.CRLF", END)]):
            with self.subTest(ending=name):
                wire = self.wire()
                wire.begin(f"chunk-{number}@client.test")
                chunk = b"Subject: chunk\r\n\r\nbefore" + ending + SECOND + b"\r\n"
                wire.send(b"BDAT %d LAST\r\n" % len(chunk) + chunk)
                reply = wire.reply()
                if reply.startswith("250"):
                    self.assertRegex(wire.quit(), "^221")
                self.assert_one_message(f"chunk-{number}@client.test", reply)
        whole = [m for m in self.arrived() if m.sender == f"chunk-{number}@client.test"]
        self.assertEqual(body(whole[0].data), b"before" + END + SECOND + b"\r\n")

    def test_SMUG_10_a_pipelined_next_message_is_legal_after_the_right_end(self):
        wire = self.wire()
        wire.begin("legal@client.test")
        wire.data()
        wire.send(b"Subject: first\r\n\r\nfirst\r\n.\r\n" + SECOND.replace(EVIL, b"next@x.test")
                  .partition(b"Subject")[0])
        self.assertEqual([wire.reply()[:3] for _ in range(4)], ["250", "250", "250", "354"])
        wire.send(b"second\r\n.\r\n")
        wire.expect("250")
        self.assertEqual([m.sender for m in self.arrived()], ["legal@client.test", "next@x.test"])


class Outbound(rig.Case):
    """SMUG-04: the same bytes on the way out, by SMTP and by LMTP."""

    @classmethod
    def make_instance(cls):
        cls.store = SmtpSink(lmtp=True)
        cls.params = {"transport_maps": f"inline:{{lmtp.{DOMAIN}=lmtp:inet:127.0.0.1:"
                                        f"{cls.store.port}}}",
                      "relay_domains": f"{DOMAIN}, lmtp.{DOMAIN}"}
        return super().make_instance()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.store.close()

    def assert_clean(self, message):
        self.assertEqual(bare(message.raw), [], message.raw)
        self.assertEqual(message.raw.count(END), 1)
        for line in message.raw[:-len(b".\r\n")].split(b"\r\n"):
            self.assertFalse(re.match(rb"\.(?!\.)", line), line)

    def send_all(self, domain, prefix, by_chunk):
        accepted = 0
        for number, ending in enumerate([*ENDINGS.values(), b"\r\n..\r\n", b"\r\n.x\r\n.\rx"]):
            wire = self.wire(TRUSTED if number % 2 else STRANGER)
            wire.begin(f"{prefix}-{number}@client.test", (f"joe@{domain}",))
            rest = ending + SECOND + b"\r\n"
            if by_chunk:
                chunk = b"Subject: out\r\n\r\n" + DOTS + rest
                wire.send(b"BDAT %d LAST\r\n" % len(chunk) + chunk)
            else:
                wire.data()
                wire.send(b"Subject: out\r\n\r\n" + DOTS_STUFFED + rest + b".\r\n")
            accepted += wire.reply().startswith("250")
        return accepted

    def check_by(self, by_chunk):
        prefix = "chunk" if by_chunk else "data"
        accepted = self.send_all(DOMAIN, prefix, by_chunk)
        stored = self.send_all(f"lmtp.{DOMAIN}", prefix, by_chunk)
        self.assertGreater(accepted, 0)
        messages = self.arrived()
        self.assertEqual(len(messages), accepted)
        kept = [m for m in self.store.messages if m.sender.startswith(prefix)]
        self.assertEqual(len(kept), stored)
        for message in messages + kept:
            self.assert_clean(message)
            self.assertTrue(body(message.data).startswith(DOTS), message.data)

    def test_SMUG_04_no_bare_end_of_line_leaves(self):
        self.check_by(by_chunk=False)

    def test_SMUG_04_nor_what_came_by_chunks(self):
        self.check_by(by_chunk=True)


if __name__ == "__main__":
    ports.main()
