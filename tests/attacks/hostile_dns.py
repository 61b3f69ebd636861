# SPDX-License-Identifier: Apache-2.0
"""A name server that lies, breaks and keeps silent, as nsd never would.

    with HostileDns({"a.test": {MX: [mx(10, "mx.a.test")]}, "mx.a.test": {A: [a("127.0.0.1")]},
                     "bad.test": SERVFAIL, "worse.test": {MX: TIMEOUT}}) as dns:
        ... ask 127.0.0.1:dns.port ...

A name maps to its records by type, or to one of the outcomes for all types; a type maps to raw
RDATA or to an outcome. Other names do not exist; names above those that do have no data. UDP only:
TCP is refused.
"""
import socket
import struct
import threading

A, CNAME, SOA, PTR, MX, TXT, AAAA, ANY = 1, 5, 6, 12, 15, 16, 28, 255
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


def read_name(packet, at):
    labels = []
    while packet[at]:
        size = packet[at]
        labels.append(packet[at + 1:at + 1 + size].decode("latin-1"))
        at += 1 + size
    return ".".join(labels).lower(), at + 1


class HostileDns:
    def __init__(self, names):
        self.names = {key.lower(): value for key, value in names.items()}
        self.questions = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                packet, peer = self._socket.recvfrom(4096)
                answer = self._answer(packet)
                if answer:
                    self._socket.sendto(answer, peer)
            except (IndexError, struct.error):
                pass
            except OSError:
                return

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
        flags, records, authority = 0x8580, [], []
        if isinstance(plan, tuple):
            records = [(plan[0], data) for data in plan[1]]
        elif plan in RCODES:
            flags |= RCODES[plan]
        elif plan == TRUNCATED:
            flags |= 0x0200
        elif plan == OTHER_QUESTION:
            question = name("elsewhere.test") + question[-4:]
            records = [(kind, mx(1, "mx.good.test") if kind == MX else a("127.0.0.1"))]
        if plan in (NXDOMAIN, NODATA):
            authority = [name("ns.test") + name("root.test") + struct.pack(">5I", 1, 9, 9, 9, 1)]
        if plan == LAME:
            flags &= ~0x0400
        count = struct.pack(">HHHH", 1, len(records), len(authority), 0)
        text = packet[:2] + struct.pack(">H", flags) + count + question
        for record, data in records:
            text += b"\xc0\x0c" + struct.pack(">HHIH", record, 1, 1, len(data)) + data
        for data in authority:
            text += b"\0" + struct.pack(">HHIH", SOA, 1, 1, len(data)) + data
        return text
