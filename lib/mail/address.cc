// SPDX-License-Identifier: Apache-2.0
// The path parser: one cursor over the text, one function per rule; see address.h.
#include "lib/mail/address.h"

#include "lib/base/strings.h"
#include "lib/mail/domain.h"

namespace mail {

namespace {

using base::Result;

// RFC 5322 3.2.3 atext; bytes of UTF-8 sequences are text too (RFC 6531 3.3).
bool is_atext(char c)
{
    static constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return base::is_alnum(c) || (c & 0x80) != 0 || others.find(c) != std::string_view::npos;
}

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// RFC 5321 4.1.2 Dot-string.
bool is_dot_string(std::string_view text)
{
    bool after_dot = true;
    for (char c : text) {
        if (c == '.' ? after_dot : !is_atext(c))
            return false;
        after_dot = c == '.';
    }
    return !after_dot;
}

struct PathParser {
    std::string_view rest;
    PathRules rules;
    std::string local;

    bool quoted_string();
    bool quoted_pair();
    bool plain_run();
    bool parse_local();
    bool drop_route();
    Result<std::string> mailbox();
};

// RFC 5321 4.1.2 Quoted-string; the content is appended unquoted.
bool PathParser::quoted_string()
{
    rest.remove_prefix(1);
    while (!rest.empty() && rest[0] != '"') {
        if (rest[0] == '\\')
            rest.remove_prefix(1);
        if (rest.empty())
            return false;
        local.push_back(rest[0]);
        rest.remove_prefix(1);
    }
    if (rest.empty())
        return false;
    rest.remove_prefix(1);
    return true;
}

bool PathParser::quoted_pair()
{
    if (rules.strict || rest.size() < 2)
        return false;
    local.push_back(rest[1]);
    rest.remove_prefix(2);
    return true;
}

bool PathParser::plain_run()
{
    std::size_t length = 0;
    while (length < rest.size() && (is_atext(rest[length]) || rest[length] == '.'))
        ++length;
    local.append(rest.substr(0, length));
    rest.remove_prefix(length);
    return length > 0;
}

// RFC 5321 4.1.2 Local-part. Stops at the '@' before the domain, or at the end.
bool PathParser::parse_local()
{
    std::string_view whole = rest;
    while (!rest.empty()) {
        bool taken = false;
        if (rest[0] == '"') {
            taken = (!rules.strict || local.empty()) && quoted_string();
        } else if (rest[0] == '\\') {
            taken = quoted_pair();
        } else if (rest[0] == '@') {
            if (rest.find('@', 1) == std::string_view::npos)
                break;
            taken = !rules.strict;
            local.push_back('@');
            rest.remove_prefix(1);
        } else {
            taken = plain_run();
        }
        if (!taken)
            return false;
    }
    std::string_view written = whole.substr(0, whole.size() - rest.size());
    bool one_quoted_string = written.starts_with('"') && written.ends_with('"');
    return !rules.strict || one_quoted_string || is_dot_string(written);
}

// RFC 5321 4.1.2 A-d-l ":": "@a,@b:" before the mailbox.
bool PathParser::drop_route()
{
    std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos)
        return false;
    std::string_view hops = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
    if (hops.ends_with(','))
        return false;
    while (!hops.empty()) {
        std::string_view hop = base::cut(hops, ',');
        if (!hop.starts_with('@') || !is_mail_domain(hop.substr(1), rules.allow_utf8))
            return false;
    }
    return true;
}

// RFC 5321 4.1.2 Mailbox, or a local part alone ("postmaster").
Result<std::string> PathParser::mailbox()
{
    if (rest.starts_with('@') && !drop_route())
        return base::permanent("bad source route");
    if (!parse_local() || local.empty())
        return base::permanent("bad local part");
    // Without a domain of its own, what stands after a quoted '@' would be taken for one later.
    if (rest.empty() && local.find('@') != std::string::npos)
        return base::permanent("'@' in a local part without domain");
    if (rest.empty())
        return std::move(local);
    rest.remove_prefix(1);
    if (!is_mail_domain(rest, rules.allow_utf8))
        return base::permanent("bad domain");
    base::append(local, '@', rest);
    return std::move(local);
}

// The text between the angle brackets, which may be missing when not strict.
Result<std::string_view> inside(std::string_view text, bool strict)
{
    bool opened = text.starts_with('<');
    bool closed = text.ends_with('>');
    if (opened != closed || (strict && !opened))
        return base::permanent("angle brackets missing");
    if (opened && text.size() >= 2)
        text = text.substr(1, text.size() - 2);
    return text;
}

bool has_forbidden_bytes(std::string_view text, bool allow_utf8)
{
    for (char c : text)
        if (is_control(c))
            return true;
    return allow_utf8 ? !base::is_utf8(text) : !base::is_ascii(text);
}

} // namespace

Result<std::string> parse_path(std::string_view text, PathRules rules)
{
    if (!rules.strict)
        text = base::trim(text);
    if (text.size() > address_limit)
        return base::permanent("address too long");
    Result<std::string_view> bare = inside(text, rules.strict);
    if (!bare)
        return bare.error();
    if (has_forbidden_bytes(*bare, rules.allow_utf8))
        return base::permanent("control or non-ASCII character");
    std::string_view address = rules.strict ? *bare : base::trim(*bare);
    if (address.empty()) {
        if (rules.allow_null && text.starts_with('<'))
            return std::string{};
        return base::permanent("empty address");
    }
    return PathParser{address, rules, {}}.mailbox();
}

std::string_view local_part(std::string_view address)
{
    return address.substr(0, address.rfind('@'));
}

std::string_view domain(std::string_view address)
{
    std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

std::string quote_address(std::string_view address)
{
    std::string_view local = local_part(address);
    if (address.empty() || is_dot_string(local))
        return std::string(address);
    std::string out = "\"";
    for (char c : local) {
        if (c == '"' || c == '\\')
            out.push_back('\\');
        out.push_back(c);
    }
    base::append(out, '"', address.substr(local.size()));
    return out;
}

} // namespace mail
