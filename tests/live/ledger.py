# SPDX-License-Identifier: Apache-2.0
"""A load whose every message is known: who was promised what, and what came of it.

    ledger = Ledger(port, sessions=20)
    ledger.send(3000, hostile=lambda: ...)   # retries what is refused for now or cut off
    ledger.missing(sink.messages)            # acknowledged, but not at the sink
"""
import hashlib
import random
import smtplib
import threading
import time

DOMAIN = "load.test"


class Ledger:
    def __init__(self, port, sessions=20, size=2000):
        self.port, self.sessions, self.size = port, sessions, size
        self.promised = {}  # id: SHA-256 of the body
        self.retries = 0
        self.refused = []
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self._next = 0
        self._threads = []

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

    def _session(self, count):
        smtp = None
        while (number := self._take(count)) is not None:
            body = self._body(number)
            text = b"Subject: load\r\nX-Load: %d\r\n\r\n" % number + body
            while True:
                try:
                    if smtp is None:
                        smtp = smtplib.SMTP("127.0.0.1", self.port, "load.test", timeout=30)
                    smtp.sendmail(f"l{number}@{DOMAIN}", [f"r{number}@{DOMAIN}"], text)
                    break
                except smtplib.SMTPResponseException as error:
                    if error.smtp_code >= 500:
                        self.refused.append((number, error))
                        return
                except smtplib.SMTPRecipientsRefused as error:
                    if any(code >= 500 for code, _ in error.recipients.values()):
                        self.refused.append((number, error))
                        return
                except (smtplib.SMTPException, OSError):
                    smtp = None
                self.retries += 1
                time.sleep(0.05)
            with self._lock:
                self.promised[number] = hashlib.sha256(body).hexdigest()
        if smtp is not None:
            smtp.close()

    def start(self, count):
        self._threads = [threading.Thread(target=self._session, args=(count,))
                         for _ in range(self.sessions)]
        for thread in self._threads:
            thread.start()

    def running(self):
        return any(thread.is_alive() for thread in self._threads)

    def join(self):
        for thread in self._threads:
            thread.join()

    def check(self, messages):
        """(missing, damaged) of what was promised."""
        found, damaged = set(), []
        for message in messages:
            sender = message.sender
            if not sender.endswith("@" + DOMAIN):
                continue
            number = int(sender[1:].partition("@")[0])
            body = message.data.partition(b"\r\n\r\n")[2]
            wanted = hashlib.sha256(self._body(number)).hexdigest()
            if hashlib.sha256(body).hexdigest() != wanted:
                damaged.append(number)
            found.add(number)
        return sorted(set(self.promised) - found), damaged
