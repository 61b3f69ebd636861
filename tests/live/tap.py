# SPDX-License-Identifier: Apache-2.0
"""A listener in front of a server that notes what both sides say, and changes nothing.

    with Tap(peer.port, address=free_loopback(), port=25) as tap: ...
        tap.conversations[0].commands      # what the client said, data left out
        tap.conversations[0].extensions()  # what the server offered

It also puts a server that listens on some loopback port where DNS can point to: an address of its
own and port 25, which MX records cannot change.
"""
import os
import re
import socket
import threading


def free_loopback():
    """An address in 127.0.0.0/8 that no other test of this machine uses now."""
    free_loopback.given += 1
    number = os.getpid() * 16 + free_loopback.given
    return f"127.{100 + number // 62500 % 100}.{1 + number // 250 % 250}.{1 + number % 250}"


free_loopback.given = 0


class Conversation:
    """One connection through the tap."""

    def __init__(self):
        self.from_client = b""
        self.from_server = b""
        self.packets = []  # what the client said, as it came

    @property
    def commands(self):
        """Command lines of the client, in order. The content of messages is not among them."""
        found, data = [], self.from_client
        while b"\r\n" in data:
            line, _, data = data.partition(b"\r\n")
            found.append(line.decode("utf-8", "replace"))
            words = line.upper().split()
            if words[:1] == [b"DATA"] and b"\r\n.\r\n" in b"\r\n" + data:
                data = (b"\r\n" + data).partition(b"\r\n.\r\n")[2]
            elif words[:1] == [b"BDAT"]:
                data = data[int(words[1]):]
        return found

    def command(self, verb):
        """The first command line that begins so, or None."""
        return next((c for c in self.commands if c.upper().startswith(verb)), None)

    def options(self, verb, recipient):
        """What stands behind the address in MAIL or RCPT of the message for the recipient, in
        capitals. A connection may have been used for several messages."""
        mail = ""
        for command in self.commands:
            if command.upper().startswith("MAIL FROM:"):
                mail = command
            if command.startswith(f"RCPT TO:<{recipient}>"):
                found = mail if verb == "MAIL" else command
                return found.partition(">")[2].upper().split()
        return []

    def pipelined(self):
        """Whether the client ever said MAIL and RCPT in one breath."""
        return any(re.search(rb"(?i)MAIL FROM[^\r]*\r\nRCPT TO", p) for p in self.packets)

    def extensions(self):
        """Keywords of the server's answer to EHLO, with their arguments."""
        text = self.from_server.decode("utf-8", "replace")
        match = re.search(r"^250-[^\r]*\r\n((?:250[- ][^\r]*\r\n)*?250 [^\r]*)\r\n", text, re.M)
        words = [line[4:].split() for line in match.group(1).split("\r\n")] if match else []
        return {w[0].upper(): " ".join(w[1:]) for w in words}


class Tap:
    def __init__(self, server_port, address="127.0.0.1", port=0, server="127.0.0.1"):
        self._server = (server, server_port)
        self.conversations = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((address, port))
        self._listener.listen(100)
        self.address, self.port = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._server, 10)
            except OSError:
                client.close()
                continue
            conversation = Conversation()
            self.conversations.append(conversation)
            threading.Thread(target=self._both_ways, args=(conversation, client, server),
                             daemon=True).start()

    def _both_ways(self, conversation, client, server):
        with client, server:
            back = threading.Thread(target=self._pass_on, daemon=True,
                                    args=(conversation, server, client, "from_server"))
            back.start()
            self._pass_on(conversation, client, server, "from_client")
            back.join()

    @staticmethod
    def _pass_on(conversation, source, target, name):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                setattr(conversation, name, getattr(conversation, name) + data)
                if name == "from_client":
                    conversation.packets.append(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
