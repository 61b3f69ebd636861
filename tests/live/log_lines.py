# SPDX-License-Identifier: Apache-2.0
"""Whether log lines are such that others' readers understand them.

The pattern file is that of whyscream/postfix-grok-patterns, in vectors/logs beside the checkout (or
POSTHOUSE_VECTORS/logs). Its grok notation is turned into regular expressions of Python here:
%{NAME} and %{NAME:field} are replaced by what NAME stands for, down to the basic patterns below.
"""
import functools
import os
import re

from harness import SRCDIR

# The patterns of logstash that the file builds on, as far as it uses them.
BASIC = {
    "GREEDYDATA": r".*",
    "DATA": r".*?",
    "INT": r"[+-]?[0-9]+",
    "NUMBER": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "WORD": r"\b\w+\b",
    "HOSTNAME": r"\b[0-9A-Za-z_][0-9A-Za-z_-]{0,62}(?:\.[0-9A-Za-z_][0-9A-Za-z_-]{0,62})*\.?",
    "IP": r"(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:(?:\d{1,3}\.){3}\d{1,3})?)",
    "PATH": r"(?:/[^\s]*)+",
    "SYSLOGTIMESTAMP": r"[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}",
}
# Lines that the pattern file has no pattern for, though Postfix writes them: of the start script,
# and of programs whose lines nobody reads by pattern.
MORE = {
    "POSTFIX_SCRIPT_LIFE":
        r"(?:starting|refreshing|stopping|aborting) the Postfix mail system"
        r"|waiting for the Postfix mail system to terminate"
        r"|the Postfix mail system is (?:running: PID: \d+|not running)",
    "POSTFIX_LINE_BREAK": r"[0-9A-Za-z]+: breaking line > \d+ bytes with <CR><LF>SPACE",
    "POSTFIX_QMGR_TABLE": r"table \S+ has changed -- restarting",
}
# Programs whose family in the file has another name or needs more than the file has.
FAMILIES = {
    "postfix-script": "(?:%{POSTFIX_SCRIPT}|%{POSTFIX_SCRIPT_LIFE})",
    "smtp": "(?:%{POSTFIX_SMTP}|%{POSTFIX_LINE_BREAK})",
    "lmtp": "(?:%{POSTFIX_LMTP}|%{POSTFIX_LINE_BREAK})",
    "qmgr": "(?:%{POSTFIX_QMGR}|%{POSTFIX_QMGR_TABLE})",
    "trivial-rewrite": "%{POSTFIX_TRIVIAL_REWRITE}",
    "retry": "%{POSTFIX_ERROR}",
    "relay": "%{POSTFIX_SMTP}",
    "postlogd": "%{POSTFIX_WARNING}",
    "resolver": "%{POSTFIX_WARNING}",
    "proxymap": "%{POSTFIX_WARNING}",
    "showq": "%{POSTFIX_WARNING}",
    "error": "(?:%{POSTFIX_ERROR}|%{POSTFIX_WARNING})",
    "bounce": "(?:%{POSTFIX_BOUNCE}|%{POSTFIX_WARNING})",
}
LINE = re.compile(r"^(?:[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S+) \S+ "
                  r"postfix/(?:[\w.-]+/)?([\w.-]+)\[\d+\]: (.*)$")


def vectors_folder():
    return os.environ.get("POSTHOUSE_VECTORS") or os.path.join(SRCDIR, "..", "shared", "vectors")


@functools.lru_cache(None)
def patterns():
    """Name to grok text; None when the file is absent."""
    found = {**BASIC, **MORE}
    try:
        with open(os.path.join(vectors_folder(), "logs", "postfix.grok"), encoding="utf-8") as file:
            for line in file:
                name, blank, text = line.rstrip("\n").partition(" ")
                if blank and not name.startswith("#"):
                    found[name] = text
    except OSError:
        return None
    return found


def converted(text):
    """Grok notation as a Python expression. A field that occurs again gets _2, _3 behind it."""
    used = {}

    def group(field):
        used[field] = used.get(field, 0) + 1
        return field if used[field] == 1 else f"{field}_{used[field]}"

    def replace(match):
        if match.group("inline"):
            return f"(?P<{group(match.group('inline'))}>"
        inner = expand(patterns()[match.group("name")])
        field = match.group("field")
        return f"(?P<{group(field)}>{inner})" if field else f"(?:{inner})"

    def expand(source):
        return re.sub(r"%\{(?P<name>\w+)(?::(?P<field>\w+))?\}|\(\?<(?P<inline>\w+)>", replace,
                      source)
    return expand(text)


@functools.lru_cache(None)
def compiled(text):
    return re.compile(converted(text))


def fields(match):
    """What a match says, by field name; of a field that occurs more than once, what was found."""
    found = {}
    for name, value in match.groupdict().items():
        if value is not None:
            found.setdefault(re.sub(r"_\d+$", "", name), value)
    return found


def family(program):
    name = "POSTFIX_" + program.upper().replace("-", "_")
    return FAMILIES.get(program) or ("%{" + name + "}" if name in patterns() else None)


def unknown(log):
    """The lines of a log that no pattern of their program's family matches in full."""
    strange = []
    for line in log.splitlines():
        match = LINE.match(line)
        source = match and family(match.group(1))
        if not source or not compiled(f"^(?:{source})$").match(match.group(2)):
            strange.append(line)
    return strange


def check(test, log):
    """Fails the test if a daemon died, or a line of our daemons is none that readers know."""
    test.assertEqual(re.findall(r".*(?:killed by signal|exit status).*", log), [], "deaths")
    if patterns() is None:
        print("SKIP of the log lines: no pattern file in", vectors_folder())
        return
    test.assertEqual(unknown(log), [], "log lines that no pattern matches")
