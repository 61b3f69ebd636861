# SPDX-License-Identifier: Apache-2.0
"""Users of this host for a test: made when it starts, removed when it ends.

    with Users(2) as (fred, wilma):
        fred.name, fred.uid, fred.gid, fred.home; fred.write(".forward", "wilma\\n")
"""
import os
import pwd
import shutil
import subprocess
import tempfile

from ports import require_root


class User:
    def __init__(self, name, home):
        self.name, self.home = name, home
        entry = pwd.getpwnam(name)
        self.uid, self.gid = entry.pw_uid, entry.pw_gid

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text, mode=0o644):
        """A file of the user's in the home directory; its path."""
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        os.lchown(path, self.uid, self.gid)
        return path

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def remove(self, name):
        path = self.path(name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.remove(path)


class Users:
    """So many users, with homes in a directory of their own. Names do not meet others'."""

    def __init__(self, count):
        require_root()
        self.names = [f"pht{os.getpid()}{chr(ord('a') + i)}" for i in range(count)]
        self.directory = tempfile.mkdtemp(prefix="posthouse-homes-")
        os.chmod(self.directory, 0o755)
        self.users = []
        for name in self.names:
            home = os.path.join(self.directory, name)
            subprocess.run(["useradd", "-M", "-U", "-d", home, "-s", "/bin/sh", name],
                           check=True, capture_output=True)
            os.mkdir(home, 0o755)
            user = User(name, home)
            os.chown(home, user.uid, user.gid)
            self.users.append(user)

    def __enter__(self):
        return self.users

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for name in self.names:
            subprocess.run(["userdel", name], check=False, capture_output=True)
        shutil.rmtree(self.directory, ignore_errors=True)
