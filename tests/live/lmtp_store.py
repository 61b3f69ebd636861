#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small LMTP server that keeps each message in a Maildir per recipient.

usage: lmtp_store.py --listen 127.0.0.1:PORT|unix:PATH --store FOLDER

A message for joe@example.test becomes FOLDER/joe@example.test/new/<unique name>: written to tmp,
synced, then renamed, so a reader never sees half of it. Line ends are stored as LF, as a mail store
on Unix does; nothing else is changed or added. The reply comes after the rename.
"""
import argparse
import os
import re
import signal
import socket
import time

from smtp_sink import SmtpSink

SAFE_NAME = re.compile(r"[^\w.+=@-]")


class LmtpStore(SmtpSink):
    def __init__(self, store, **options):
        self.store = store
        self.stored = 0
        super().__init__(lmtp=True, **options)

    def take(self, message):
        message.data = b""  # it is on disk; do not keep the whole day in memory
        super().take(message)

    def take_for(self, message, recipient):
        try:
            self._write(self.folder(recipient), message.data.replace(b"\r\n", b"\n"))
        except OSError as error:
            return f"451 4.2.0 <{recipient}> {error.strerror}"
        return None

    def folder(self, recipient):
        name = SAFE_NAME.sub("_", recipient.lower()).lstrip(".") or "_"
        return os.path.join(self.store, name)

    def messages_of(self, recipient):
        """Content of all that is stored for the recipient, oldest first."""
        new = os.path.join(self.folder(recipient), "new")
        found = []
        for name in sorted(os.listdir(new)) if os.path.isdir(new) else []:
            with open(os.path.join(new, name), "rb") as file:
                found.append(file.read())
        return found

    def _write(self, folder, data):
        for name in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        self.stored += 1
        name = f"{time.time():.6f}.P{os.getpid()}Q{self.stored:06d}.{socket.gethostname()}"
        path = os.path.join(folder, "tmp", name)
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(path, os.path.join(folder, "new", name))


def main():
    parser = argparse.ArgumentParser(description="small LMTP server with Maildirs")
    parser.add_argument("--listen", default="127.0.0.1:0")
    parser.add_argument("--store", required=True)
    options = parser.parse_args()
    if options.listen.startswith("unix:"):
        store = LmtpStore(options.store, path=options.listen[5:])
        print(f"lmtp store on {options.listen}", flush=True)
    else:
        host, _, port = options.listen.rpartition(":")
        store = LmtpStore(options.store, address=(host.strip("[]"), int(port)))
        print(f"lmtp store on {host}:{store.port}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    store.close()


if __name__ == "__main__":
    main()
