# SPDX-License-Identifier: Apache-2.0
"""What g++ 12 miscompiles or lets outlive its parts in coroutines (lib/base/task.h), as far as the
text alone shows it for certain:

  - braces that hold something among the arguments of an awaited call: a temporary that may be
    destroyed twice. Empty braces have nothing to destroy.
  - co_await behind &&, || or ?, where whether it runs depends on what stands before it.
  - a lambda with captures that is a coroutine: they go before it ends.
"""
import re

from sourcetree import strip_cpp

AWAIT = re.compile(r"\bco_await\b")
BEHIND_BRANCH = re.compile(r"(&&|\|\||\?)\s*[!*(\s]*$")
BODY_AHEAD = re.compile(r"[)\]]\s*(?:mutable\s*|noexcept\s*|->\s*[\w:<>,&\s]+)*$")
CAPTURING = re.compile(r"(?<![\w\])])\[[^\[\]]+\]\s*"
                       r"(?:\([^()]*(?:\([^()]*\)[^()]*)*\)\s*)?"
                       r"(?:mutable\s*|noexcept\s*|->\s*[\w:<>,&\s]+)*\{")
COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b")


def faults(text):
    """(line, what is wrong) for one file."""
    code = strip_cpp(text)
    found = []

    def add(at, words):
        found.append((code.count("\n", 0, at) + 1, words))

    for match in AWAIT.finditer(code):
        at = filled_brace(code, match.end())
        if at is not None:
            add(at, "a braced temporary in an awaited call: name it before")
        if BEHIND_BRANCH.search(code, statement_begin(code, match.start()), match.start()):
            add(match.start(), "co_await behind &&, || or ?: take the branch with if")
    for match in CAPTURING.finditer(code):
        end = closing(code, match.end() - 1)
        if COROUTINE.search(code, match.end(), end):
            add(match.start(), "a capturing lambda is a coroutine: name a function")
    return sorted(set(found))


def statement_begin(code, at):
    return max(code.rfind(sign, 0, at) for sign in ";{}") + 1


def closing(code, at):
    """Where the bracket at `at` is closed; the end of the file when it is not."""
    depth = 0
    for position in range(at, len(code)):
        if code[position] in "([{":
            depth += 1
        elif code[position] in ")]}":
            depth -= 1
            if depth == 0:
                return position
    return len(code)


def filled_brace(code, at):
    """The first braces with content in the expression that begins at `at`, bodies of lambdas
    aside; None when there are none."""
    while at < len(code) and code[at] not in ";)]}":
        if code[at] == "{":
            end = closing(code, at)
            if not BODY_AHEAD.search(code, max(0, at - 200), at) and code[at + 1:end].strip():
                return at
            at = end
        elif code[at] in "([":
            inner = filled_brace(code, at + 1)
            if inner is not None:
                return inner
            at = closing(code, at)
        at += 1
    return None
