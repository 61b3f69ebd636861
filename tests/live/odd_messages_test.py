# SPDX-License-Identifier: Apache-2.0
"""Messages as nobody should write them, through us and through Debian's Postfix side by side: what
comes out at the other end is the same, byte by byte, but for the Received field."""
import re
import unittest

import corpus
import peers
import ports
from harness import OURS, Instance
from smtp_sink import SmtpSink

HEAD = b"From: <a@x.test>\r\nSubject: odd\r\nMessage-ID: <odd@x.test>\r\n\r\n"
CASES = {
    "empty": b"",
    "no header": b"just text\r\nmore\r\n",
    "no header, empty line first": b"\r\nbody\r\n",
    "no body": HEAD[:-2],
    "no last line end": HEAD + b"end",
    "begins with a blank": b" blank first\r\nSubject: x\r\n\r\nbody\r\n",
    "begins with a tab": b"\ttab first\r\n\r\nbody\r\n",
    "mbox From_ line": b"From a@x.test Sun Nov 22 00:00:00 2026\r\n" + HEAD + b"body\r\n",
    "quoted From_ line": b">From a@x.test Sun Nov 22 00:00:00 2026\r\n" + HEAD + b"body\r\n",
    "header line without colon": b"Subject: x\r\nno colon here\r\nTo: <b@y.test>\r\n\r\nbody\r\n",
    "blank before colon": b"Subject : x\r\nTo\t: <b@y.test>\r\n\r\nbody\r\n",
    "empty field name": b": x\r\nSubject: y\r\n\r\nbody\r\n",
    "8-bit field": "Subject: Grüße\r\n\r\nbody\r\n".encode(),
    "8-bit field name": "Grüße: x\r\n\r\nbody\r\n".encode(),
    "Latin-1": b"Subject: Gr\xfc\xdfe\r\n\r\n\xe4\xf6\xfc\r\n",
    "every byte but line ends": HEAD + bytes({*range(1, 256)} - {10, 13}) + b"\r\n",
    "bare CR in body": HEAD + b"one\rtwo\r\n",
    "bare CR in header": b"Subject: one\rtwo\r\n\r\nbody\r\n",
    "dots": HEAD + b".\r\n..\r\n...\r\n.a\r\n",
    "dot in header": b".Subject: x\r\nTo: y\r\n\r\nbody\r\n",
    "line of 998": HEAD + b"x" * 998 + b"\r\n",
    "line of 999": HEAD + b"x" * 999 + b"\r\n",
    "line of 1996": HEAD + b"x" * 1996 + b"\r\nend\r\n",
    "line of 10000": HEAD + b"y" * 10000 + b"\r\nend\r\n",
    "dots where a long line breaks": HEAD + b"z" * 998 + b".." + b"z" * 995 + b"...\r\nend\r\n",
    "long line of dots": HEAD + b"." * 5000 + b"\r\n",
    "long header line": b"Subject: " + b"x" * 3000 + b"\r\n\r\nbody\r\n",
    "header of many short lines": b"X-A: 1\r\n" * 2000 + b"\r\nbody\r\n",
    "dropped fields": b"Return-Path: <x@y>\r\nBcc: <q@y.test>\r\nContent-Length: 7\r\n"
                      b"Resent-Bcc: z\r\nSubject: s\r\n\r\nbody\r\n",
    "dropped field with continuation": b"Bcc: <q@y.test>,\r\n <r@y>\r\nSubject: s\r\n\r\nb\r\n",
    "Received that lies": b"Received: from nowhere\r\n\tby here; now\r\nSubject: x\r\n\r\nbody\r\n",
    "continuation with nothing": b"Subject: x\r\n \r\n\t\r\nTo: y\r\n\r\nbody\r\n",
    "trailing blanks": b"Subject: x  \t \r\n\r\nbody  \t \r\n",
    "many empty lines": HEAD + b"\r\n" * 300,
}


class Odd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not OURS:
            raise unittest.SkipTest("compares ours with Postfix")
        cls.systems = []
        for programs in (None, peers.postfix_programs()):
            sink = cls.enterClassContext(SmtpSink(lmtp=True))
            mta = cls.enterClassContext(Instance(programs=programs, params={
                "default_transport": f"lmtp:inet:127.0.0.1:{sink.port}",
                "local_header_rewrite_clients": ""}))
            cls.systems.append((mta, sink))

    def passed(self, mta, sink, data):
        """What arrives of it, without our own Received field; or the refusal."""
        before = len(sink.messages)
        session = corpus.Session(mta.smtp_port)
        try:
            session.send("a@x.test", ["b@y.test"], data)
            session.quit()
        except corpus.Refused as refusal:
            return str(refusal)
        got = sink.wait_messages(before + 1)[-1].data
        return re.sub(rb"^Received: .*?\r\n(?![ \t])", b"", got, count=1, flags=re.S)

    def test_comes_out_as_of_postfix(self):
        for name, data in CASES.items():
            with self.subTest(name):
                ours, theirs = (self.passed(mta, sink, data) for mta, sink in self.systems)
                if ours != theirs:
                    self.fail(f"{theirs[:300]!r} of Postfix; ours: "
                              + corpus.first_difference(theirs, ours))


if __name__ == "__main__":
    ports.main()
