# SPDX-License-Identifier: Apache-2.0
"""A name server that lies, breaks and keeps silent, as nsd never would.

    with HostileDns({"a.test": {MX: [mx(10, "mx.a.test")]}, "mx.a.test": {A: [a("127.0.0.1")]},
                     "bad.test": SERVFAIL, "worse.test": {MX: TIMEOUT}}) as dns:
        ... ask 127.0.0.1:dns.port ...

A name maps to its records by type (for DNAME: to a name), or to one of the outcomes for all
types; a type maps to raw RDATA or to an outcome. Other names do not exist; names above those that
do have no data. What is too long for UDP is truncated there; TCP is refused unless tcp=True.
"""
import socket
import struct
import threading

A, CNAME, SOA, PTR, MX, TXT, AAAA, DNAME, ANY = 1, 5, 6, 12, 15, 16, 28, 39, 255
UDP_LIMIT = 1200
SELF = b"\xc0\x0c"  # As an owner: the name that was asked for.
NXDOMAIN, NODATA, SERVFAIL = "nxdomain", "nodata", "servfail"
REFUSED, TIMEOUT = "refused", "timeout"
LAME, TRUNCATED, OTHER_QUESTION, GARBAGE = "lame", "truncated", "other question", "garbage"
RCODES = {NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5}


def name(text):
    labels = text.strip(".").split(".") if text.strip(".") else []
    raw = [label.encode("latin-1") for label in labels]
    return b"".join(bytes([len(label)]) + label for label in raw) + b"\0"


def a(address):
    return socket.inet_aton(address)


def aaaa(address):
    return socket.inet_pton(socket.AF_INET6, address)


def mx(preference, host):
    return struct.pack(">H", preference) + name(host)


def txt(*strings):
    return b"".join(bytes([len(s)]) + s for s in strings)


def read_name(packet, at):
    labels = []
    while packet[at]:
        size = packet[at]
        labels.append(packet[at + 1:at + 1 + size].decode("latin-1"))
        at += 1 + size
    return ".".join(labels).lower(), at + 1


class HostileDns:
    def __init__(self, names, tcp=False):
        self.names = {key.lower(): value for key, value in names.items()}
        self.questions = []
        self._socket, self._listener = self._bind(tcp)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        if tcp:
            threading.Thread(target=self._serve_tcp, daemon=True).start()

    @staticmethod
    def _bind(tcp):
        """A UDP socket, and a TCP one that listens on the same port if wanted."""
        while True:
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind(("127.0.0.1", 0))
            try:
                return udp, socket.create_server(udp.getsockname()) if tcp else None
            except OSError:
                udp.close()  # The port is somebody's for TCP.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()
        if self._listener:
            self._listener.close()

    def _serve(self):
        while True:
            try:
                packet, peer = self._socket.recvfrom(4096)
                answer = self._answer(packet)
                if len(answer) > UDP_LIMIT:
                    answer = self._cut(packet)
                if answer:
                    self._socket.sendto(answer, peer)
            except (IndexError, struct.error):
                pass
            except OSError:
                return

    def _serve_tcp(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(2)
                try:
                    size = struct.unpack(">H", client.recv(2, socket.MSG_WAITALL))[0]
                    answer = self._answer(client.recv(size, socket.MSG_WAITALL))
                    if answer:
                        client.sendall(struct.pack(">H", len(answer)) + answer)
                except (IndexError, struct.error, OSError):
                    pass

    @staticmethod
    def _cut(packet):
        _, end = read_name(packet, 12)
        return packet[:2] + b"\x87\x80\0\1\0\0\0\0\0\0" + packet[12:end + 4]

    def _plan(self, asked, kind):
        plan = self.names.get(asked)
        if plan is None:
            below = any(known.endswith("." + asked) for known in self.names)
            return NODATA if below or not asked else NXDOMAIN
        if isinstance(plan, dict):
            if CNAME in plan and kind != CNAME:
                return CNAME, plan[CNAME]
            plan = plan.get(kind, NODATA)
        return plan if isinstance(plan, str) else (kind, plan)

    def _redirection(self, asked):
        """Records, with their owners, for a name below one that has a DNAME."""
        for owner, plan in self.names.items():
            if asked.endswith("." + owner) and isinstance(plan, dict) and DNAME in plan:
                prefix, target = asked[:-len(owner)], plan[DNAME]
                pointer = struct.pack(">H", 0xc000 + 12 + len(prefix))
                return [(pointer, DNAME, name(target)), (SELF, CNAME, name(prefix + target))]
        return []

    def _answer(self, packet):
        asked, end = read_name(packet, 12)
        kind = struct.unpack(">H", packet[end:end + 2])[0]
        question = packet[12:end + 4]
        self.questions.append((asked, kind))
        plan = self._plan(asked, kind)
        if plan == TIMEOUT:
            return b""
        if plan == GARBAGE:
            return packet[:2] + b"\x84\x00" + b"\xff" * 60
        flags, records, authority = 0x8580, self._redirection(asked), []
        if records:
            plan = None
        elif isinstance(plan, tuple):
            records = [(SELF, plan[0], data) for data in plan[1]]
        elif plan in RCODES:
            flags |= RCODES[plan]
        elif plan == TRUNCATED:
            flags |= 0x0200
        elif plan == OTHER_QUESTION:
            question = name("elsewhere.test") + question[-4:]
            records = [(SELF, kind, mx(1, "mx.good.test") if kind == MX else a("127.0.0.1"))]
        if plan in (NXDOMAIN, NODATA):
            authority = [name("ns.test") + name("root.test") + struct.pack(">5I", 1, 9, 9, 9, 1)]
        if plan == LAME:
            flags &= ~0x0400
        count = struct.pack(">HHHH", 1, len(records), len(authority), 0)
        text = packet[:2] + struct.pack(">H", flags) + count + question
        for owner, record, data in records:
            text += owner + struct.pack(">HHIH", record, 1, 1, len(data)) + data
        for data in authority:
            text += b"\0" + struct.pack(">HHIH", SOA, 1, 1, len(data)) + data
        return text
