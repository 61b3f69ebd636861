# SPDX-License-Identifier: Apache-2.0
"""A private name server (nsd) with zones given as text.

    with NameServer({"example.test": "@ MX 10 mx\\nmx A 127.0.0.1\\n"}) as dns:
        ... ask 127.0.0.1:dns.port ...

SOA and NS are added to each zone; a zone may be replaced while it runs.
"""
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

from ports import free_port, skip

HEAD = """$ORIGIN {zone}.
$TTL 5
@ SOA ns.{zone}. hostmaster.{zone}. {serial} 3600 600 86400 5
@ NS ns.{zone}.
ns A 127.0.0.1
"""
CONFIG = """server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  pidfile: "{folder}/nsd.pid"
  logfile: "{folder}/nsd.log"
  server-count: 1
  hide-version: yes
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
"""


def query(port, name, record=6, timeout=0.5):
    """Response code of one UDP query, or None; 6 asks for SOA, 1 for A, 15 for MX."""
    labels = b"".join(bytes([len(p)]) + p.encode() for p in name.strip(".").split(".")) + b"\0"
    packet = struct.pack(">HHHHHH", 4711, 0, 1, 0, 0, 0) + labels + struct.pack(">HH", record, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(timeout)
        try:
            udp.sendto(packet, ("127.0.0.1", port))
            answer = udp.recv(4096)
        except OSError:
            return None
    return answer[3] & 15 if answer[:2] == packet[:2] else None


class NameServer:
    def __init__(self, zones, port=None):
        self.program = shutil.which("nsd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not self.program:
            skip("nsd is not installed: apt-get install nsd")
        self.port = port or free_port(socket.SOCK_DGRAM)
        self.zones = dict(zones)
        self.folder = tempfile.mkdtemp(prefix="nsd-")
        self._serial = 1
        self._process = None
        self._start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _start(self):
        config = CONFIG.format(port=self.port, folder=self.folder)
        for zone, text in self.zones.items():
            config += f'zone:\n  name: "{zone}"\n  zonefile: "{zone}.zone"\n'
            self._write(zone, text)
        path = os.path.join(self.folder, "nsd.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(config)
        self._process = subprocess.Popen([self.program, "-d", "-c", path],
                                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL, start_new_session=True)
        self._wait()

    def _write(self, zone, text):
        with open(os.path.join(self.folder, f"{zone}.zone"), "w", encoding="utf-8") as file:
            file.write(HEAD.format(zone=zone, serial=self._serial) + text)

    def _wait(self):
        first = next(iter(self.zones))
        deadline = time.monotonic() + 10
        while query(self.port, first) != 0:
            if time.monotonic() > deadline or self._process.poll() is not None:
                log = os.path.join(self.folder, "nsd.log")
                text = open(log, encoding="utf-8").read() if os.path.exists(log) else ""
                self.stop()
                raise RuntimeError("nsd does not answer: " + text)
            time.sleep(0.05)

    def replace(self, zone, text):
        """New content for a zone that was there from the start."""
        self._serial += 1
        self.zones[zone] = text
        self._write(zone, text)
        self._process.send_signal(signal.SIGHUP)
        time.sleep(0.3)

    def stop(self):
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
