# SPDX-License-Identifier: Apache-2.0
"""What the checkers share: the list of source files, their text, and the list of exceptions."""
import os
import re
import subprocess

PRUNED = {".git", "run", "autom4te.cache", "build-aux", "node_modules", "__pycache__", ".deps"}
MADE_BY_AUTOTOOLS = {"configure", "configure~", "aclocal.m4", "Makefile.in", "Makefile",
                     "config.h", "config.h.in", "config.h.in~", "config.status", "config.log"}

_TOKENS = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"([^\s()\\]{0,16})\(.*?\)\1"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'", re.S)


def _blank(match):
    """What replaces a comment or literal: as many lines, no content."""
    text = match.group(0)
    quotes = '""' if text[0] in 'R"' else "''" if text[-1] == "'" else ""
    return quotes + "\n" * text.count("\n")


def strip_cpp(text):
    """C++ without comments and without the content of literals; line numbers stay."""
    return _TOKENS.sub(_blank, text)


class SourceTree:
    """The files of the project: tracked by git or about to be, else all that lie there."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._text = {}
        self._all = sorted(p for p in self._list() if self._belongs(p))

    def _list(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            command = ["git", "-C", self.root, "-c", "safe.directory=*", "ls-files", "-z",
                       "--cached", "--others", "--exclude-standard"]
            try:
                listed = subprocess.run(command, capture_output=True, check=True).stdout
                return [p for p in set(listed.decode().split("\0")) if p]
            except (OSError, subprocess.CalledProcessError):
                pass  # no git here: what lies in the folder counts
        return self._walk()

    def _walk(self):
        found = []
        for folder, below, names in os.walk(self.root):
            below[:] = [b for b in below if b not in PRUNED and not b.startswith("build")]
            found += [os.path.relpath(os.path.join(folder, n), self.root) for n in names]
        return found

    def _belongs(self, path):
        parts = path.split("/")
        return parts[-1] not in MADE_BY_AUTOTOOLS and not PRUNED.intersection(parts[:-1]) \
            and os.path.isfile(os.path.join(self.root, path))

    def files(self, *endings):
        return [p for p in self._all if not endings or p.endswith(endings)]

    def exists(self, path):
        return os.path.isfile(os.path.join(self.root, path))

    def read(self, path):
        if path not in self._text:
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                self._text[path] = file.read()
        return self._text[path]


class Exceptions:
    """tools/dev/budget: lines `rule path[:name] reason`; a path may be a folder."""

    def __init__(self, root):
        self.path = "tools/dev/budget"
        self.faults = []
        self.used = set()
        self._lines = {}
        try:
            with open(os.path.join(root, self.path), encoding="utf-8") as file:
                text = file.read()
        except OSError:
            return
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#", 1)[0].split(None, 2)
            if not words:
                continue
            if len(words) < 3:
                self.faults.append((number, "not of the form `rule path[:name] reason`"))
                continue
            self._lines[(words[0], words[1])] = number

    def permits(self, rule, path, name=""):
        candidates = [path + ":" + name] if name else []
        parts = path.split("/")
        for count in range(len(parts), 0, -1):
            folder = "/".join(parts[:count])
            candidates += [folder, folder + ":" + name]
        for candidate in candidates:
            if (rule, candidate) in self._lines:
                self.used.add((rule, candidate))
                return True
        return False

    def unused(self, rules):
        return [(number, f"nothing needs this any more: {rule} {path}")
                for (rule, path), number in self._lines.items()
                if rule in rules and (rule, path) not in self.used]
