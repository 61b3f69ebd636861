// SPDX-License-Identifier: Apache-2.0
// Templates; see key_template.h.
#include "lib/table/key_template.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace table {

AddressParts::AddressParts(std::string_view text) : whole(text), local(text)
{
    auto at = text.rfind('@');
    if (at == std::string_view::npos)
        return;
    has_domain = true;
    local = text.substr(0, at);
    domain = text.substr(at + 1);
    labels = base::split(domain, ".");
    std::reverse(labels.begin(), labels.end());
}

// What part of an address a letter or digit stands for. The template has been checked.
static std::string_view part_of(const AddressParts& address, char part)
{
    switch (base::lower(part)) {
    case 's': return address.whole;
    case 'u': return address.local;
    case 'd': return address.domain;
    }
    return address.labels[static_cast<std::size_t>(part - '1')];
}

static bool is_part(char c)
{
    return std::string_view("sudSUD123456789").find(c) != std::string_view::npos;
}

// Lower-case letters of a result format speak of the value, the rest of the key.
static bool is_of_value(char part)
{
    return part >= 'a' && part <= 'z';
}

void KeyTemplate::note(char part)
{
    auto add = [part](Wants& wants) {
        wants.local = wants.local || base::lower(part) == 'u';
        wants.domain = wants.domain || base::lower(part) == 'd' || base::is_digit(part);
        if (base::is_digit(part))
            wants.labels = std::max(wants.labels, static_cast<std::size_t>(part - '0'));
    };
    add(wants_of_key_);
    add(is_of_value(part) ? wants_of_value_ : wants_of_result_key_);
}

base::Result<KeyTemplate> KeyTemplate::parse(std::string_view text)
{
    KeyTemplate made;
    Piece piece;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            piece.text += text[i];
            continue;
        }
        const char c = ++i < text.size() ? text[i] : '\0';
        if (c == '%') {
            piece.text += c;
        } else if (is_part(c)) {
            piece.part = c;
            made.note(c);
            made.pieces_.push_back(std::move(piece));
            piece = {};
        } else {
            return base::permanent(base::cat("invalid template: ", text));
        }
    }
    made.pieces_.push_back(std::move(piece));
    return made;
}

bool KeyTemplate::fits(const AddressParts& text, const Wants& wants)
{
    if (wants.domain && text.domain.empty())
        return false;
    if (wants.local && text.has_domain && text.local.empty())
        return false;
    return text.labels.size() >= wants.labels;
}

bool KeyTemplate::expand_query(const AddressParts& key, const Quote& quote, std::string& out) const
{
    if (!fits_key(key))
        return false;
    for (const Piece& piece : pieces_) {
        out += piece.text;
        if (piece.part != '\0' && !quote(part_of(key, piece.part), out))
            return false;
    }
    return true;
}

bool KeyTemplate::expand_result(const AddressParts& value, const AddressParts& key,
                                std::string& out) const
{
    if (!fits(value, wants_of_value_) || !fits_result_key(key))
        return false;
    for (const Piece& piece : pieces_) {
        out += piece.text;
        if (piece.part != '\0')
            out += part_of(is_of_value(piece.part) ? value : key, piece.part);
    }
    return true;
}

} // namespace table
