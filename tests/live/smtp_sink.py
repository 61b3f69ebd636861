# SPDX-License-Identifier: Apache-2.0
"""A scriptable SMTP or LMTP server: it stores what it gets, and misbehaves on demand.

    with SmtpSink({"rcpt": {"bad@x.test": "550 5.1.1 unknown", "*": "250 ok"}}) as sink:
        ... let something deliver to 127.0.0.1:sink.port ...
        message = sink.wait_messages(1)[0]     # message.data: bytes as sent, dots unstuffed

The script maps a stage (connect, helo, ehlo, lhlo, mail, rcpt, data, body, rset, quit, or any other
verb) to what the server does there:
    "450 4.2.0 later"      that reply; lines of a reply are separated by newlines
    Silence()              never answers, keeps the connection
    Close("421 bye")       answers, if there is a text, and closes
    Slow("250 ok", 0.1)    a byte at a time with this pause
    Endless("250-more")    this line again and again until the client goes or 64 MiB are sent
    [a, b, c]              one after the other, the last one from then on
    {address: ..., "*": ...}   by address, for mail, rcpt and (LMTP) body
    a function             called with the stage's argument, returns one of these
For a peer that refuses connections, use refusing_port().
"""
import asyncio
import dataclasses
import os
import re
import socket
import threading
import time

LINE_LIMIT = 64 * 1024 * 1024
ENDLESS_LIMIT = 64 * 1024 * 1024
EXTENSIONS = ("PIPELINING", "SIZE 104857600", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8")
PATH = re.compile(r"(?:FROM|TO):\s*<(.*)>\s*(.*)$", re.I)


@dataclasses.dataclass
class Silence:
    pass


@dataclasses.dataclass
class Close:
    reply: str = ""


@dataclasses.dataclass
class Slow:
    reply: str
    pause: float = 0.1


@dataclasses.dataclass
class Endless:
    line: str


@dataclasses.dataclass
class Message:
    helo: str
    sender: str
    sender_options: str
    recipients: list  # of (address, options)
    data: bytes = b""
    connection: int = 0  # number of the connection it came by, from 1
    raw: bytes = b""  # DATA only: what was sent, dots stuffed, with the end of data


class _Gone(Exception):
    """The dialogue is over."""


def refusing_port():
    """A loopback port nobody listens on, and the socket that keeps it from being given away."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    return holder.getsockname()[1], holder


class SmtpSink:
    def __init__(self, script=None, *, lmtp=False, address=("127.0.0.1", 0), path=None,
                 extensions=EXTENSIONS):
        self.script = dict(script or {})
        self.lmtp = lmtp
        self.extensions = list(extensions)
        self.messages = []
        self.commands = []  # (connection, line) of everything said to us
        self.connections = 0
        self.open_connections = 0
        self.most_connections = 0
        self.path = path
        self._address = address
        self._uses = {}
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._server = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        ready = threading.Event()
        self._loop.call_soon(lambda: self._loop.create_task(self._listen(ready)))
        self._error = None
        self._thread.start()
        ready.wait(10)
        if self._error:
            raise self._error

    # For the test.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._loop.is_running():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    def wait_messages(self, count, timeout=30):
        """All messages once there are at least so many; TimeoutError otherwise."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while len(self.messages) < count:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{len(self.messages)} of {count} messages in {timeout} s")
                self._changed.wait(left)
            return list(self.messages)

    def take(self, message):
        """What becomes of a message: None for success, or a reply; for LMTP, asked per recipient
        by take_for. Overridden by servers that store."""
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def take_for(self, message, recipient):  # pylint: disable=unused-argument
        return None

    # The server.

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        if self._server:
            self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _listen(self, ready):
        try:
            if self.path:
                if os.path.exists(self.path):
                    os.unlink(self.path)
                self._server = await asyncio.start_unix_server(self._client, self.path,
                                                               limit=LINE_LIMIT)
                os.chmod(self.path, 0o666)
                self.port = None
            else:
                self._server = await asyncio.start_server(self._client, *self._address,
                                                          limit=LINE_LIMIT, backlog=1024)
                self.port = self._server.sockets[0].getsockname()[1]
        except OSError as error:
            self._error = error
        ready.set()

    async def _client(self, reader, writer):
        self.connections += 1
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        try:
            await _Dialogue(self, reader, writer, self.connections).run()
        except (_Gone, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError,
                asyncio.CancelledError):
            pass
        finally:
            self.open_connections -= 1
            writer.close()

    def plan(self, stage, key, otherwise):
        """What the script wants at this stage, or the usual answer."""
        plan = self.script.get(stage, otherwise)
        if isinstance(plan, dict):
            plan = plan.get(key, plan.get("*", otherwise))
            stage = (stage, key)
        if isinstance(plan, (list, tuple)):
            use = self._uses.get(stage, 0)
            self._uses[stage] = use + 1
            plan = plan[min(use, len(plan) - 1)]
        return plan(key) if callable(plan) else plan


class _Dialogue:
    """One connection."""

    def __init__(self, sink, reader, writer, number):
        self.sink, self.reader, self.writer, self.number = sink, reader, writer, number
        self.helo = ""
        self.message = None
        self.chunks = []

    async def run(self):
        await self.answer("connect", "", "220 sink.test ready")
        while True:
            line = (await self.reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
            self.sink.commands.append((self.number, line))
            verb, _, argument = line.partition(" ")
            verb = verb.lower()
            handler = getattr(self, "on_" + verb, None)
            if handler:
                await handler(argument)
            else:
                await self.answer(verb, argument, "250 2.0.0 ok")

    async def answer(self, stage, key, otherwise):
        """Acts as the script says; the reply's first digit, for handlers that depend on it."""
        return await self.act(self.sink.plan(stage, key, otherwise))

    async def act(self, plan):
        if isinstance(plan, Silence):
            await self.reader.read()  # until the client gives up
            raise _Gone
        if isinstance(plan, Close):
            if plan.reply:
                await self.say(plan.reply)
            raise _Gone
        if isinstance(plan, Slow):
            for byte in (plan.reply + "\r\n").encode():
                self.writer.write(bytes([byte]))
                await self.writer.drain()
                await asyncio.sleep(plan.pause)
            return plan.reply[:1]
        if isinstance(plan, Endless):
            line = plan.line.encode() + b"\r\n"
            for _ in range(ENDLESS_LIMIT // (len(line) * 256)):
                self.writer.write(line * 256)
                await self.writer.drain()
            raise _Gone
        await self.say(plan)
        return plan[:1]

    async def say(self, reply):
        lines = reply.split("\n")
        if len(lines) > 1 and all(re.match(r"\d{3} ", line) for line in lines):
            lines = [l[:3] + "-" + l[4:] for l in lines[:-1]] + [lines[-1]]
        text = "".join(line + "\r\n" for line in lines)
        self.writer.write(text.encode("utf-8", "surrogateescape"))
        await self.writer.drain()

    async def on_ehlo(self, argument):
        self.helo, self.message = argument, None
        lines = ["sink.test"] + self.sink.extensions
        await self.answer("lhlo" if self.sink.lmtp else "ehlo", argument,
                          "\n".join("250 " + line for line in lines))

    on_lhlo = on_ehlo

    async def on_helo(self, argument):
        self.helo, self.message = argument, None
        await self.answer("helo", argument, "250 sink.test")

    async def on_mail(self, argument):
        match = PATH.match(argument)
        if not match:
            await self.say("501 5.5.4 syntax")
        elif await self.answer("mail", match.group(1), "250 2.1.0 ok") == "2":
            self.message = Message(self.helo, *match.groups(), [], connection=self.number)
            self.chunks = []

    async def on_rcpt(self, argument):
        match = PATH.match(argument)
        if not match or self.message is None:
            await self.say("503 5.5.1 MAIL first")
        elif await self.answer("rcpt", match.group(1), "250 2.1.5 ok") == "2":
            self.message.recipients.append(match.groups())

    async def on_data(self, _):
        if not self.message or not self.message.recipients:
            await self.say("554 5.5.1 no valid recipients")
            return
        if await self.answer("data", "", "354 go ahead") != "3":
            return
        lines = []
        while not lines or lines[-1] != b".\r\n":
            lines.append(await self.reader.readuntil(b"\r\n"))
        self.message.raw = b"".join(lines)
        self.message.data = b"".join(line[1:] if line.startswith(b".") else line
                                     for line in lines[:-1])
        await self.finish()

    async def on_bdat(self, argument):
        size, _, last = argument.partition(" ")
        self.chunks.append(await self.reader.readexactly(int(size)))
        if not last:
            await self.say("250 2.0.0 chunk taken")
            return
        self.message.data = b"".join(self.chunks)
        await self.finish()

    async def finish(self):
        message, self.message = self.message, None
        if not self.sink.lmtp:
            plan = self.sink.plan("body", message.sender, "250 2.0.0 stored")
            if isinstance(plan, str) and plan.startswith("2"):
                plan = self.sink.take(message) or plan
            await self.act(plan)
            return
        replies = []
        kept = []
        for address, options in message.recipients:
            plan = self.sink.plan("body", address, f"250 2.0.0 <{address}> stored")
            if isinstance(plan, str) and plan.startswith("2"):
                plan = self.sink.take_for(message, address) or plan
            if isinstance(plan, str) and plan.startswith("2"):
                kept.append((address, options))
            replies.append(plan)
        if kept:
            self.sink.take(dataclasses.replace(message, recipients=kept))
        for plan in replies:
            await self.act(plan)

    async def on_rset(self, _):
        self.message = None
        await self.answer("rset", "", "250 2.0.0 ok")

    async def on_quit(self, _):
        await self.answer("quit", "", "221 2.0.0 bye")
        raise _Gone
