# SPDX-License-Identifier: Apache-2.0
"""A rough reading of formatted C++: where functions begin and end, their parameters and depth.

It relies on clang-format's layout (4 spaces a level), which check-style asserts too, and needs no
compiler. What it does not understand it leaves out rather than reports.
"""
import bisect
import re

from sourcetree import strip_cpp

CONTROL = ("if", "for", "while", "switch", "do")
NO_FUNCTION = {"if", "for", "while", "switch", "catch", "namespace", "struct", "class", "union",
               "enum", "extern", "return", "co_return", "co_await", "concept", "requires"}
NAME_BEFORE = re.compile(r"(operator\s*[^\s\w(]{1,3}|operator\s*\(\s*\)|operator\s+[\w:]+|"
                         r"~?[A-Za-z_][\w:]*(?:<[^<>()]*>)?(?:::~?\w+)?)\s*$")
STATEMENT = re.compile(r"\b(if|for|while|switch|do)\b")
PREPROCESSOR = re.compile(r"^[ \t]*#[^\n\\]*(?:\\\n[^\n\\]*)*", re.M)
INDENT = 4


class Function:
    def __init__(self, name, parameters, first, last, depth):
        self.name, self.parameters = name, parameters
        self.first, self.last = first, last  # line numbers, both inclusive
        self.depth = depth
        self.table_lines = 0

    @property
    def lines(self):
        return self.last - self.first + 1 - self.table_lines


class Shape:
    """Functions of one file, and how many of its lines are tables (initialisers)."""

    def __init__(self, text):
        code = strip_cpp(text)
        self._code = PREPROCESSOR.sub(lambda m: "\n" * m.group(0).count("\n"), code)
        self._starts = [0] + [m.end() for m in re.finditer("\n", self._code)]
        self._lines = self._code.split("\n")
        self.functions = []
        self.tables = []  # (first, last) of initialisers that span lines
        self._scan()
        self.table_lines = sum(last - first + 1 for first, last in self.tables)
        for function in self.functions:
            function.table_lines = sum(last - first + 1 for first, last in self.tables
                                       if function.first < first and last < function.last)

    def _line(self, position):
        return bisect.bisect_right(self._starts, position)

    def _scan(self):
        code = self._code
        open_braces = []  # (position, kind, header)
        boundary = 0      # just after the last `;`, `{` or `}` outside of parentheses
        parens = 0
        for match in re.finditer(r"[(){};]", code):
            at, sign = match.start(), match.group(0)
            if sign == "(":
                parens += 1
            elif sign == ")":
                parens = max(0, parens - 1)
            elif sign == "{":
                header = code[boundary:at]
                open_braces.append((at, parens, self._kind(header, open_braces), header, boundary))
                parens, boundary = 0, at + 1
            elif sign == "}":
                if open_braces:
                    begin, parens, kind, header, before = open_braces.pop()
                    self._close(kind, header, before, begin, at)
                    if kind == "table":  # what follows belongs to the statement before it
                        boundary = before
                        continue
                boundary = at + 1
            elif parens == 0:
                boundary = at + 1

    @staticmethod
    def _kind(header, open_braces):
        text = header.strip()
        inside_function = any(kind in ("function", "block") for _, _, kind, _, _ in open_braces)
        inside_table = bool(open_braces) and open_braces[-1][2] == "table"
        first = re.match(r"\W*(?:inline\s+|template\s*<.*>\s*)?(\w+)", text, re.S)
        word = first.group(1) if first else ""
        if inside_table:
            return "block" if re.search(r"\)\s*(?:mutable|noexcept|->[^;{]*)?$", text) else "table"
        if text.endswith(("=", ",", "return", "co_return")) or (text.endswith("]") and "=" in text):
            return "table"
        if word in ("namespace", "struct", "class", "union", "enum", "extern") and "(" not in text:
            return "scope"
        if inside_function or "(" not in text or word in NO_FUNCTION - {"struct", "class", "enum",
                                                                        "extern", "requires"}:
            return "block" if inside_function else "scope"
        if re.search(r"[\w>)\]]\s*[({][^{}]*,?\s*\w+$", text) and not text.endswith(
                ("const", "noexcept", "override", "final", "try")) and "->" not in text \
                and re.search(r"\)\s*:\s", text):
            return "table"  # a member initialiser `: a_{...}` before the body
        return "function"

    def _close(self, kind, header, before, begin, end):
        first, last = self._line(begin), self._line(end)
        if kind == "table" and last > first:
            self.tables.append((first, last))
        if kind != "function":
            return
        name, parameters = self._signature(header)
        if name is None:
            return
        start = before + len(header) - len(header.lstrip())
        self.functions.append(Function(name, parameters, self._line(start), last,
                                       self._depth(first, last)))

    @staticmethod
    def _signature(header):
        """Name and number of parameters: the first parenthesis that a name stands before."""
        text = re.sub(r"\[\[.*?\]\]", "", header, flags=re.S)
        text = re.sub(r"^\s*template\s*<.*?>\s*(?=\w)", "", text, flags=re.S)
        at = text.find("(")
        while at >= 0:
            match = NAME_BEFORE.search(text[:at])
            if match and match.group(1) not in ("noexcept", "decltype", "alignas", "requires",
                                                 "__attribute__", "explicit"):
                name = match.group(1)
                if name.endswith("operator") and text[at:].startswith("()"):
                    name, at = name + "()", text.find("(", at + 2)
                return name, count_parameters(text[at:])
            at = text.find("(", at + 1)
        return None, 0

    def _depth(self, first, last):
        """Deepest control statement, counted in indents from the body of the function."""
        body = [line for line in self._lines[first - 1:last]]
        opening = len(body[0]) - len(body[0].lstrip())
        deepest = 0
        for line in body:
            match = STATEMENT.match(line.lstrip())
            if match or line.lstrip().startswith("} else"):
                indent = len(line) - len(line.lstrip())
                deepest = max(deepest, (indent - opening) // INDENT)
        return deepest


def count_parameters(text):
    """Parameters in text that begins with an opening parenthesis."""
    depth = angle = commas = 0
    content = False
    for sign in text:
        if sign in "([{":
            depth += 1
            if depth == 1:
                continue
        elif sign in ")]}":
            depth -= 1
            if depth == 0:
                break
        elif sign == "<":
            angle += 1
        elif sign == ">":
            angle = max(0, angle - 1)
        elif sign == "," and depth == 1 and angle == 0:
            commas += 1
        content = content or not sign.isspace()
    return commas + 1 if content else 0
