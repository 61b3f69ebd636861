# SPDX-License-Identifier: Apache-2.0
"""Real messages, how to send them byte by byte, and what may become of them on the way.

6,046 messages of the SpamAssassin project, by npm (tools/dev/fetch-corpus). On the wire a message
has CRLF where its file has LF, and no mbox From_ line. What our relay may change follows
Postfix, each
rule by the parameter that is its documentation:

    class       what differs                                   documented at
    trace       Received is put in front                       RFC 5321 4.4
    drop        Return-Path goes away                          message_drop_headers
    bare-cr     a CR without LF becomes a blank                cleanup_replace_stray_cr_lf
    long-line   a line of more than 998 bytes is broken:       smtp_line_length_limit,
                CRLF and a blank after each 998 bytes          lmtp_line_length_limit
    last-line   CRLF where the last line has no end            RFC 5321 4.1.1.4

Before a line end a CR without LF is a blank too; Postfix drops it there as it reads lines.
8-bit headers, 8-bit bodies of peers that take 8BITMIME, everything else: not a byte differs.
"""
import dataclasses
import os
import re
import socket
import subprocess
import threading

from harness import BUILDDIR, SRCDIR

DROPPED = (b"bcc", b"content-length", b"resent-bcc", b"return-path")  # message_drop_headers
LINE_LIMIT = 998
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")


def fetch():
    """Folder of the messages; RuntimeError with the reason when npm does not give them."""
    done = subprocess.run([SRCDIR + "/tools/dev/fetch-corpus", BUILDDIR], capture_output=True,
                          text=True, timeout=600, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return BUILDDIR + "/corpus"


@dataclasses.dataclass
class Message:
    name: str
    data: bytes  # as sent, before dots are stuffed


def read(path, name):
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"From "):
        data = data[data.index(b"\n") + 1:]
    return Message(name, data.replace(b"\n", b"\r\n"))


def messages(count=None):
    """All messages, or so many of them, spread evenly over the whole."""
    folder = fetch()
    names = sorted(os.path.join(group, file) for group in os.listdir(folder)
                   if os.path.isdir(os.path.join(folder, group))
                   for file in os.listdir(os.path.join(folder, group)) if file.endswith(".txt"))
    count = min(count or len(names), len(names))
    return [read(os.path.join(folder, names[i]), names[i])
            for i in (n * len(names) // count for n in range(count))]


# What is expected of the relay.


def split_header(data):
    """(fields with their continuation lines, the rest from the empty line on)."""
    end = 0
    while end < len(data) and data[end:end + 2] != b"\r\n":
        line_end = data.find(b"\r\n", end)
        line_end = len(data) if line_end < 0 else line_end + 2
        if data[end:end + 1] not in (b" ", b"\t") and not FIELD.match(data, end):
            break
        end = line_end
    fields = re.findall(rb"[^\r\n][^\n]*\n(?:[ \t][^\n]*\n)*", data[:end])
    return fields, data[end:]


def name_of(field):
    return field.split(b":", 1)[0].strip().lower()


def fold(data, limit=LINE_LIMIT):
    """Breaks long lines as an SMTP client does that must not send them."""
    if len(max(data.split(b"\r\n"), key=len)) <= limit:
        return data
    lines = []
    for line in data.split(b"\r\n"):
        pieces = [line[:limit]]
        rest = line[limit:]
        while rest:
            pieces.append(b" " + rest[:limit - 1])
            rest = rest[limit - 1:]
        lines.append(b"\r\n".join(pieces))
    return b"\r\n".join(lines)


def expected(data):
    """(what must arrive below the new trace header fields, names of the classes that applied)."""
    classes = set()

    def step(name, changed):
        if changed != data:
            classes.add(name)
        return changed
    data = step("last-line", data if data.endswith(b"\r\n") else data + b"\r\n")
    data = step("bare-cr", re.sub(rb"\r(?!\n)", b" ", data))
    fields, rest = split_header(data)
    data = step("drop", b"".join(f for f in fields if name_of(f) not in DROPPED) + rest)
    data = step("long-line", fold(data))
    if any(byte > 127 for byte in data):
        classes.add("8-bit")
    return data, classes


def difference(sent, got, trace):
    """None if `got` is `sent` but for the rules above, below header fields of the names `trace`;
    else what is wrong, in words."""
    want, _ = expected(sent)
    if not got.endswith(want):
        return first_difference(want, got[-len(want):] if len(got) >= len(want) else got)
    fields, rest = split_header(got[:len(got) - len(want)])
    names = [name_of(field).decode() for field in fields]
    if rest:
        return f"bytes before the message that are no header field: {rest[:80]!r}"
    strange = [name for name in names if name not in trace]
    return f"header fields were added: {strange}" if strange else None


def first_difference(want, got):
    for i, (a, b) in enumerate(zip(want, got)):
        if a != b:
            return f"byte {i}: {got[max(0, i - 60):i + 60]!r}, not {want[max(0, i - 60):i + 60]!r}"
    return f"{len(got)} bytes, not {len(want)}"


# Sending.


class Refused(Exception):
    """The server said something else than yes."""


class Session:
    """One SMTP session that sends raw bytes, pipelined."""

    def __init__(self, port, host="127.0.0.1", helo="corpus.test"):
        self._socket = socket.create_connection((host, port), 60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._replies = self._socket.makefile("rb")
        self.reply(220)
        self.extensions = self.ask(b"EHLO " + helo.encode(), 250)

    def reply(self, code):
        """The text of one reply; Refused if it has another code."""
        lines = []
        while True:
            line = self._replies.readline()
            lines.append(line)
            if line[3:4] != b"-":
                break
        text = b"".join(lines).decode("utf-8", "replace")
        if not text.startswith(str(code)):
            raise Refused(text or "connection closed")
        return text

    def ask(self, line, code):
        self._socket.sendall(line + b"\r\n")
        return self.reply(code)

    def send(self, sender, recipients, data, options=b""):
        """The whole transaction: envelope in one packet, then the content as it is."""
        commands = [b"MAIL FROM:<%s>%s" % (sender.encode(), options)]
        commands += [b"RCPT TO:<%s>" % r.encode() for r in recipients] + [b"DATA"]
        self._socket.sendall(b"".join(c + b"\r\n" for c in commands))
        for _ in commands[:-1]:
            self.reply(250)
        self.reply(354)
        stuffed = re.sub(rb"(^|(?<=\r\n))\.", b"..", data)
        end = b".\r\n" if data.endswith(b"\r\n") or not data else b"\r\n.\r\n"
        self._socket.sendall(stuffed + end)
        return self.reply(250)

    def quit(self):
        self.ask(b"QUIT", 221)
        self._replies.close()
        self._socket.close()


def send_all(port, batch, sessions, envelope):
    """Sends all messages over so many sessions at once. envelope(message, number) is (sender,
    recipient). Returns what went wrong, as text."""
    errors = []

    def work(own):
        try:
            session = Session(port)
            for number in range(own, len(batch), sessions):
                message = batch[number]
                sender, recipient = envelope(message, number)
                options = b" SIZE=%d BODY=8BITMIME" % len(message.data)
                session.send(sender, [recipient], message.data, options)
            session.quit()
        except (OSError, Refused) as error:
            errors.append(f"session {own}: {error}")
    threads = [threading.Thread(target=work, args=(n,)) for n in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
