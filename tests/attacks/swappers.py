# SPDX-License-Identifier: Apache-2.0
"""Who works on a path while mail is delivered there: each does so as long as its block lasts."""
import os
import subprocess
import sys
import textwrap

from harness import BUILDDIR


class Swapper:
    """The program that puts one thing after another under a name, while the block lasts."""

    def __init__(self, path, uid, link, hard):
        self.words = [os.path.join(BUILDDIR, "tests/attacks/attacker"), "swap", path, str(uid),
                      link, hard]
        self.rounds = 0

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self.rounds = int(self.process.communicate()[0])


class FolderSwapper:
    """Swaps a folder for a link to another one and back, at once each time, while the block
    lasts."""
    LOOP = textwrap.dedent("""
        import ctypes, os, sys
        own, link = sys.argv[1].encode(), sys.argv[2].encode()
        swap = ctypes.CDLL(None).renameat2
        while True:
            swap(-100, own, -100, link, 2)  # AT_FDCWD, RENAME_EXCHANGE
            for _ in range(3000):  # Deliveries get a chance.
                pass
        """)

    def __init__(self, own, other):
        self.own, self.link = own, own + ".x"
        os.symlink(other, self.link)

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", self.LOOP, self.own, self.link])

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        if os.path.islink(self.own):
            os.unlink(self.own)
            os.rename(self.link, self.own)


class Neighbour:
    """A user of this host who, while the block lasts, goes for each of the folders, and in the
    sticky spool directory makes the victim's mailbox and lock where they are missing. Tells all
    that worked, but for the latter, which anybody may; `rounds` says how often."""
    LOOP = textwrap.dedent("""
        import ctypes, os, select, sys
        user, home, box, secret, *folders = sys.argv[1:]
        swap, here = ctypes.CDLL(None).renameat2, -100
        os.setgroups([])
        os.setresgid(*[int(user)] * 3)
        os.setresuid(*[int(user)] * 3)
        os.symlink(secret, home + "/link")
        def works(call, *words):
            try:
                call(*words)
            except OSError:
                return False
            return True
        def attempts(folder):
            link = (home + "/link").encode()
            yield "swap", lambda: swap(here, link, here, folder.encode(), 2) == 0
            yield "rename", lambda: works(os.rename, folder, home + "/moved")
            yield "remove", lambda: works(os.rmdir, folder)
            yield "chmod", lambda: works(os.chmod, folder, 0o777)
            if folder == os.path.dirname(box):
                return  # Sticky: everybody may make files there, and nobody touches others'.
            yield "link", lambda: works(os.symlink, secret, folder + "/new")
            yield "make", lambda: works(os.open, folder + "/new", os.O_WRONLY | os.O_CREAT)
        def is_anothers(path):
            try:
                return path not in folders and os.lstat(path).st_uid != int(user)
            except OSError:
                return False
        def inside(folder):
            for name in os.listdir(folder) if os.access(folder, os.R_OK | os.X_OK) else ():
                path = folder + "/" + name
                if is_anothers(path):
                    yield "unlink " + name, lambda: works(os.unlink, path)
                if is_anothers(path) and folder != os.path.dirname(box):
                    yield "replace " + name, lambda: works(os.rename, home + "/link", path)
        rounds = 0
        while not select.select([0], [], [], 0)[0]:
            for folder in folders:
                for what, attempt in (*attempts(folder), *inside(folder)):
                    if attempt():
                        print(what, folder)
            works(os.symlink, secret, box + ".lock")
            works(os.unlink, box + ".lock")
            try:
                mine = os.open(box, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
                os.fchmod(mine, 0o666)
                select.select([], [], [], 0.002)
                if os.read(mine, 1):
                    print("got mail")
                os.close(mine)
                works(os.unlink, box)
            except FileExistsError:
                pass
            rounds += 1
        print(rounds)
        """)

    def __init__(self, user, *words):
        self.user, self.words = user, words

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", self.LOOP, str(self.user.uid), self.user.home,
             *self.words], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        *self.worked, self.rounds = self.process.communicate()[0].splitlines()
