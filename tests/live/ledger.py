# SPDX-License-Identifier: Apache-2.0
"""A load whose every message is known: who was promised what, and what came of it.

    ledger = Ledger(port, sessions=20)
    ledger.start(3000)                          # retries what is refused for now or cut off
    missing, damaged = ledger.check(messages)   # of those acknowledged, what is not at the sink

Messages whose number ends in 3 go to a second recipient too, gone...@DOMAIN, whom the sink is to
refuse (refuses() says whom); those that end in 7 go to that one only. Their senders are to get a
notice.
"""
import random
import re
import smtplib
import threading
import time

import dsn

DOMAIN = "load.test"


def refuses(address):
    """Whether the sink must refuse this recipient for good."""
    return address.startswith("gone")


def recipients_of(number):
    good, gone = f"r{number}@{DOMAIN}", f"gone{number}@{DOMAIN}"
    return {3: [good, gone], 7: [gone]}.get(number % 10, [good])


class Ledger:
    def __init__(self, port, sessions=20, size=2000, source="127.0.0.1"):
        self.port, self.sessions, self.size, self.source = port, sessions, size, source
        self.promised = set()  # numbers
        self.retries = 0
        self.refused = []
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self._next = 0
        self._threads = []
        self._whole = {}  # by id(): messages of the sink that were looked at and are undamaged

    def _take(self, count):
        with self._lock:
            if self._next >= count or self.stop.is_set():
                return None
            self._next += 1
            return self._next

    def _body(self, number):
        chance = random.Random(number)
        lines = [f"line {n} {chance.getrandbits(200):x}" for n in range(self.size // 60)]
        return ("\r\n".join(lines) + "\r\n").encode()

    def _connect(self):
        return smtplib.SMTP("127.0.0.1", self.port, "load.test", timeout=30,
                            source_address=(self.source, 0))

    def _session(self, count):
        smtp = None
        while (number := self._take(count)) is not None:
            body = self._body(number)
            text = b"Subject: load\r\nX-Load: %d\r\n\r\n" % number + body
            left = recipients_of(number)
            while True:
                try:
                    smtp = smtp or self._connect()
                    no = smtp.sendmail(f"l{number}@{DOMAIN}", left, text)
                    left = list(no)
                    codes = [code for code, _ in no.values()]
                except smtplib.SMTPResponseException as error:
                    codes = [error.smtp_code]
                except smtplib.SMTPRecipientsRefused as error:
                    codes = [code for code, _ in error.recipients.values()]
                except (smtplib.SMTPException, OSError):
                    smtp, codes = None, []
                if not left:
                    break
                if any(code >= 500 for code in codes):
                    self.refused.append((number, codes))
                    return
                self.retries += 1
                time.sleep(0.05)
            with self._lock:
                self.promised.add(number)
        if smtp is not None:
            smtp.close()

    def start(self, count):
        self._threads = [threading.Thread(target=self._session, args=(count,), daemon=True)
                         for _ in range(self.sessions)]
        for thread in self._threads:
            thread.start()

    def running(self):
        return any(thread.is_alive() for thread in self._threads)

    def join(self):
        for thread in self._threads:
            thread.join()

    def check(self, messages):
        """(missing, damaged) of what was promised: numbers of messages, and of their notices."""
        found, damaged = set(), []
        for message in messages:
            kind, number = self._kind(message)
            if not kind:
                continue
            if message is not self._whole.get(id(message)):
                if not self._is_whole(kind, number, message):
                    damaged.append((kind, number))
                    continue
                self._whole[id(message)] = message
            found.add((kind, number))
        wanted = {("message", n) for n in self.promised if n % 10 != 7}
        wanted |= {("notice", n) for n in self.promised if n % 10 in (3, 7)}
        return sorted(wanted - found), damaged

    @staticmethod
    def _kind(message):
        """("message" or "notice", its number); neither for what is not of this load."""
        for kind, address in (("message", message.sender), ("notice", message.recipients[0][0])):
            if re.fullmatch(rf"l\d+@{DOMAIN}", address):
                return kind, int(address[1:].partition("@")[0])
        return None, 0

    def _is_whole(self, kind, number, message):
        body = self._body(number)
        if kind == "message":
            return message.data.partition(b"\r\n\r\n")[2] == body
        try:
            notice = dsn.read(message.data)
        except ValueError:
            return False
        gone = [fields["final-recipient"] for fields in notice.recipients]
        return gone and all(f"gone{number}@{DOMAIN}" in name for name in gone) and \
            notice.returned.body.partition(b"\r\n\r\n")[2] == body
