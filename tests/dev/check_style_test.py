# SPDX-License-Identifier: Apache-2.0
"""check-style on small good and bad trees."""
import unittest

from trees import TreeTest

TAG = "SPDX-License-Identifier: Apache-2.0"
CC = f"// {TAG}\n"
MK = f"# {TAG}\n"
MARK = "TO" + "DO"
GOOD = {
    "lib/base/a.h": CC,
    "lib/base/a.cc": CC + "// RFC 5321 4.1.2 and RFC 3720 appendix B.4.\nint a;\n",
    "tests/unit/base/a_test.cc": CC + '#include "lib/base/a.h"\n',
    "tests/unit/base/local.mk": MK + "a_SOURCES = \\\n\ttests/unit/base/a_test.cc\n",
    "smtpd/local.mk": MK + "daemon_PROGRAMS += \\\n\tsmtpd/smtpd\n",
    "man/smtpd.8": "",
    "conf/master.cf": "smtp inet n - y - - smtpd\n",
    "fuzz/a_fuzz.cc": CC,
    "fuzz/corpus/a/one": "x",
}


def function(body, head="void f()"):
    return CC + head + "\n{\n" + body + "}\n"


def nested(depth):
    lines = ["    " * (i + 1) + "if (x)\n" for i in range(depth)]
    return "".join(lines) + "    " * (depth + 1) + "y();\n"


class CheckStyle(TreeTest):
    checker = "check-style"
    options = ["--no-format"]

    def table(self, cases):
        for name, (files, want) in cases.items():
            with self.subTest(name):
                self.setUp()
                if want is None:
                    self.assert_clean({**GOOD, **files})
                else:
                    self.assert_fault({**GOOD, **files}, want)

    def test_accepts_a_good_tree(self):
        self.assert_clean(GOOD)

    def test_holds_sizes_to_their_budgets(self):
        constructor = "Session::Session(int a, int b)\n    : a_(a), b_{b}"
        four = "B b, C c, D d, E e"
        members = "    int a;\n" * 90
        rows = "".join(f"        {{{i}}},\n" for i in range(100))
        self.table({
            "60 lines": ({"smtpd/x.cc": function("    x();\n" * 57)}, None),
            "61 lines": ({"smtpd/x.cc": function("    x();\n" * 58)},
                         "smtpd/x.cc:2: function: f: 61"),
            "method": ({"smtpd/x.cc": function("    x();\n" * 58, constructor)},
                       "smtpd/x.cc:2: function: Session::Session: 62"),
            "tables do not count": ({"smtpd/x.cc": function(f"    T t[] = {{\n{rows}    }};\n")},
                                    None),
            "class is no function": ({"smtpd/x.h": CC + "class A {\n" + members + "};\n"}, None),
            "file": ({"smtpd/x.cc": CC + "int a;\n" * 600}, "smtpd/x.cc:1: file: 601 lines"),
            "file of tables": ({"smtpd/x.cc": CC + "T t[] = {\n" + rows * 9 + "};\n"}, None),
            "line": ({"smtpd/x.cc": CC + "// " + "x" * 98 + "\n"}, "smtpd/x.cc:2: line: 101"),
            "main": ({"smtpd/main.cc": CC + "int a;\n" * 41}, "smtpd/main.cc:1: main: 41"),
            "depth 3": ({"smtpd/x.cc": function(nested(3))}, None),
            "depth 4": ({"smtpd/x.cc": function(nested(4))}, "smtpd/x.cc:2: nesting: f: 4"),
            "5 parameters": ({"smtpd/x.cc": function("", f"void f(A<int, 2> a, {four})")}, None),
            "6 parameters": ({"smtpd/x.cc": function("", f"void f(int a, F f, {four})")},
                             "smtpd/x.cc:2: parameters: f: 6"),
        })

    def test_reads_every_source_for_what_no_source_may_hold(self):
        self.table({
            "no licence": ({"smtpd/x.cc": "int a;\n"}, "smtpd/x.cc:1: spdx:"),
            "script without licence": ({"tools/x": "#!/bin/sh\n"}, "tools/x:1: spdx:"),
            "mark": ({"smtpd/x.cc": CC + f"// {MARK} later\n"}, "smtpd/x.cc:2: marks:"),
            "template is no mark": ({"smtpd/x.cc": CC + 'f("aXXXXXX");\n'}, None),
            "home": ({"tools/x.sh": MK + "ls /" + "home/joe/x\n"}, "tools/x.sh:2: paths:"),
            "RFC number": ({"smtpd/x.cc": CC + "// RFC 53210 4.1\n"},
                           "smtpd/x.cc:2: rfc: there is"),
            "RFC form": ({"smtpd/x.cc": CC + "// RFC5321 4.1\n"}, "smtpd/x.cc:2: rfc: write it"),
            "RFC section": ({"smtpd/x.cc": CC + "// RFC 5321 section four\n"},
                            "smtpd/x.cc:2: rfc: `four`"),
        })

    def test_finds_coroutines_that_gcc_or_lifetimes_cannot_bear(self):
        def inside(line):
            return {"smtpd/x.cc": function(f"    {line}\n", "Task<void> f()")}

        braces = "smtpd/x.cc:4: task: a braced temporary"
        branch = "smtpd/x.cc:4: task: co_await behind"
        capture = "smtpd/x.cc:4: task: a capturing lambda"
        self.table({
            "braced argument": (inside("co_await call({a, b}, c);"), braces),
            "typed braces": (inside("auto x = co_await peer->call(Append{a}, limit);"), braces),
            "deep braces": (inside("if (co_await call(make(List{a})))"), braces),
            "braces beside it": (inside("use(co_await call(), {a});"), braces),
            "empty braces": (inside("co_await call(Finish{}, {}, deadline());"), None),
            "a named one": (inside("Append one{a}; co_await call(std::move(one));"), None),
            "braces after it": (inside("if (co_await call()) { g({a}); }"), None),
            "a body": (inside("co_await call([](int a) { return a; }, [] { return 1; });"), None),
            "and": (inside("if (a && co_await call())"), branch),
            "or": (inside("return a || !(co_await call());"), branch),
            "choice": (inside("x = a ? co_await call() : b;"), branch),
            "choice among arguments": (inside("co_await call(a ? b : c, d && e);"), None),
            "after a condition": (inside("if (a && b) co_await call();"), None),
            "a comment": (inside("// co_await call({a}); a && co_await b"), None),
            "captures": (inside("spawn([&](int a) -> Task<void> { co_await g(); });"), capture),
            "captures nothing": (inside("spawn([](int a) -> Task<void> { co_await g(); });"), None),
            "no coroutine": (inside("spawn([this] { g(); });"), None),
            "an element": (inside("if (rows[i]) { co_await g(); }"), None),
        })

    def test_finds_what_lacks_its_counterpart(self):
        self.table({
            "page": ({"qmgr/local.mk": MK + "daemon_PROGRAMS += qmgr/qmgr\n",
                      "conf/master.cf": GOOD["conf/master.cf"] + "qmgr unix n - n 300 1 qmgr\n"},
                     "qmgr/local.mk:1: man: qmgr/qmgr has no page"),
            "master.cf": ({"qmgr/local.mk": MK + "daemon_PROGRAMS += qmgr/qmgr\n",
                           "man/qmgr.8": ""}, "qmgr/local.mk:1: master-cf:"),
            "corpus": ({"fuzz/b_fuzz.cc": CC}, "fuzz/b_fuzz.cc:1: corpus: fuzz/corpus/b is"),
            "test": ({"lib/base/b.cc": CC}, "lib/base/b.cc:1: test: no tests/unit/base/b_test.cc"),
            "unlisted test": ({"tests/live/b_test.py": MK},
                              "tests/live/b_test.py:1: listed: no .mk names"),
            "unlisted dialogue": ({"tests/dialogue/b.smtp": "C: QUIT\n"},
                                  "tests/dialogue/b.smtp:1: listed: no .mk names"),
            "parameter": ({"lib/config/params/a.h": CC + '{.name = "a"}\n{.name = of("a")}\n',
                           "lib/config/params/b.h": CC + '{.name = "b"}\n{.name = "a"}\n'},
                          'lib/config/params/b.h:3: once: "a" is declared at '
                          "lib/config/params/a.h:2"),
            "part of what is tested": ({"lib/base/b.cc": CC + '#include "lib/base/a.h"\n'}, None),
        })

    def test_permits_what_the_budget_lists_with_a_reason(self):
        long = function("    x();\n" * 58)
        self.table({
            "by path": ({"smtpd/x.cc": long, "tools/dev/budget": "function smtpd/x.cc one table\n"},
                        None),
            "by name": ({"smtpd/x.cc": long, "tools/dev/budget": "function smtpd/x.cc:f a table\n"},
                        None),
            "another name": ({"smtpd/x.cc": long,
                              "tools/dev/budget": "function smtpd/x.cc:g a table\n"},
                             "smtpd/x.cc:2: function"),
            "no reason": ({"tools/dev/budget": "function smtpd/x.cc\n"},
                          "tools/dev/budget:1: budget: not of the form"),
        })


if __name__ == "__main__":
    unittest.main()
