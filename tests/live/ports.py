# SPDX-License-Identifier: Apache-2.0
"""Small things all live tests need: ports, waiting, skipping as automake understands it."""
import os
import socket
import sys
import time
import unittest

EXIT_SKIP = 77
# Of a build with sanitizers, where their reports go (lib/base/sanitizer.cc); such a program takes
# more memory and time, which measured bounds are multiplied for.
REPORTS = os.environ.get("POSTHOUSE_REPORTS", "")
SCALE = 8 if REPORTS else 1


def skip(reason):
    print(f"SKIP: {reason}", flush=True)
    raise unittest.SkipTest(reason)


def skip_with_sanitizers(reason):
    if REPORTS:
        skip("not with sanitizers: " + reason)


def main():
    """For `if __name__ == "__main__"` of a test file: automake's exit codes. All skipped is 77."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(EXIT_SKIP if len(result.skipped) == result.testsRun else 0)


def require_root():
    if os.geteuid() != 0:
        skip("needs root, to start daemons under their own users")


_given = set()


def free_port(kind=socket.SOCK_STREAM):
    """A loopback port that was free a moment ago and is not given twice in one process. It is
    taken from below the range from which the kernel picks ports for outgoing connections."""
    start = 12000 + (os.getpid() * 37) % 18000
    for offset in range(18000):
        port = 12000 + (start - 12000 + offset) % 18000
        if port in _given:
            continue
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError("no free port")


def wait_until(condition, timeout, what):
    """The first true result of the condition; TimeoutError after so many seconds."""
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout} s")
        time.sleep(0.05)


def greets(port, host="127.0.0.1"):
    """Whether a server there accepts and says something."""
    try:
        with socket.create_connection((host, port), 1) as connection:
            connection.settimeout(2)
            return bool(connection.recv(1))
    except OSError:
        return False
