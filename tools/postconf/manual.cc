// SPDX-License-Identifier: Apache-2.0
// postconf --man: the manual page postconf.5 from the declared parameters, in man(7) markup; and
// --man=PROGRAM: the parameters of one program, for the marked region of its own page.
#include <algorithm>

#include "lib/base/strings.h"
#include "lib/config/params/registry.h"
#include "tools/postconf/commands.h"
#include "tools/postconf/output.h"

namespace postconf {

namespace {

// Text for roff: backslashes and hyphens as themselves, no line that looks like a request.
std::string escaped(std::string_view text)
{
    std::string out;
    for (char c : text) {
        if (c == '\\')
            out.append("\\e");
        else if (c == '-')
            out.append("\\-");
        else
            out.push_back(c);
    }
    bool request = !out.empty() && (out.front() == '.' || out.front() == '\'');
    return request ? "\\&" + out : out;
}

// *name* in a doc becomes bold.
std::string marked_up(std::string_view doc)
{
    std::string out;
    bool bold = false;
    for (char c : escaped(doc)) {
        if (c != '*') {
            out.push_back(c);
            continue;
        }
        out.append(bold ? "\\fR" : "\\fB");
        bold = !bold;
    }
    return out;
}

// Parameters whose default is chosen when the system is built: the page must not depend on that.
constexpr std::string_view kChosenAtBuild[] = {
    "mail_version",    "mail_owner",     "setgid_group",      "config_directory",
    "queue_directory", "data_directory", "command_directory", "daemon_directory",
};

std::string_view shown_default(const config::Spec& spec)
{
    bool chosen = std::find(std::begin(kChosenAtBuild), std::end(kChosenAtBuild), spec.name) !=
                  std::end(kChosenAtBuild);
    if (chosen)
        return "see postconf -d";
    return spec.value[0] == '\0' ? "empty" : spec.value;
}

void print_parameter(const config::ParamBase& param)
{
    const config::Spec& spec = param.spec();
    std::string_view value = shown_default(spec);
    print(".TP");
    print(base::cat("\\fB", escaped(param.name()), "\\fR (default: ", escaped(value), ")"));
    std::string kind = base::cat("Type: ", param.type_name());
    if (spec.min != nullptr)
        base::append(kind, ", at least ", spec.min);
    if (spec.max != nullptr)
        base::append(kind, ", at most ", spec.max);
    print(base::cat(marked_up(spec.doc), " ", escaped(kind), "."));
    if (spec.since != nullptr)
        print(base::cat("Since ", escaped(spec.since), "."));
}

constexpr std::string_view kHead =
    R"(.\" SPDX-License-Identifier: Apache-2.0
.\" Written by "postconf --man" from lib/config/params; change it there and run "make man".
.TH POSTCONF 5
.SH NAME
postconf \- parameters of main.cf
.SH DESCRIPTION
The file \fBmain.cf\fR sets the parameters of the mail system, one on a line:
.PP
.nf
    parameter = value
.fi
.PP
A line whose first character other than a blank is # is a comment. A line that begins with a blank
continues the line before it. Of several settings of one parameter the last counts.
.PP
A value may use other parameters: \fB$name\fR, \fB${name}\fR and \fB$(name)\fR stand for their
value.
\fB${name?text}\fR and \fB${name?{text}}\fR give the text when the value of name is not empty,
\fB${name:text}\fR and \fB${name:{text}}\fR when it is, \fB${name?{one}:{two}}\fR one or the other.
\fB${{left} == {right} ? {one} : {two}}\fR compares, with == != < <= >= or >, numbers as numbers and
other text as text; <level, <=level and so on compare compatibility levels. \fB$$\fR is a dollar
sign.
.PP
A time has a unit: s seconds, m minutes, h hours, d days, w weeks; without one, that of the default
counts. Fractions are allowed. Elements of a list are separated by commas or blanks; { and } keep an
element together that has blanks.
.PP
\fBpostconf \-\-check\fR tells every fault of a configuration without starting anything.
.SH PARAMETERS)";

} // namespace

int manual(const Options&)
{
    print(kHead);
    const auto sets = config::known_sets();
    for (const config::ParamBase* param : config::sorted_params(sets))
        print_parameter(*param);
    print(".SH SEE ALSO\npostconf(1), postfix(1)");
    return 0;
}

int manual_section(const Options& options)
{
    auto sets = config::known_sets();
    std::erase_if(sets, [&](const config::KnownSet& s) { return s.program != options.program; });
    for (const config::ParamBase* param : config::sorted_params(sets))
        print_parameter(*param);
    return 0;
}

} // namespace postconf
