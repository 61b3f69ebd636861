// SPDX-License-Identifier: Apache-2.0
// Address lists; see address_list.h. Two layers: a scanner that cuts text into words, special
// characters and nothing else (blanks and comments are dropped), and a list reader that collects
// the tokens of one list element until a comma, semicolon, or the end shows what they were.
#include "lib/mail/address_list.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace mail {

namespace {

struct Token {
    enum class Kind : unsigned char { End, Word, Literal, Special, Broken } kind = Kind::End;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;          // Of words: without quotation marks. Of others: as written.
    bool blank_before = false; // Blanks or a comment stand between it and the one before.
    bool is(char c) const { return kind == Kind::Special && text.front() == c; }
};

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    Token next()
    {
        Token token;
        token.blank_before = skip_blanks();
        token.begin = at_;
        if (broken_)
            token.kind = Token::Kind::Broken;
        else if (at_ < text_.size())
            scan(token);
        token.end = at_;
        return token;
    }

private:
    static constexpr std::string_view specials = "<>,;:@";

    void scan(Token& token)
    {
        const char c = text_[at_];
        if (c == '"')
            return quoted(token, '"', Token::Kind::Word);
        if (c == '[')
            return quoted(token, ']', Token::Kind::Literal);
        if (specials.find(c) != std::string_view::npos) {
            token.kind = Token::Kind::Special;
            token.text = c;
            ++at_;
            return;
        }
        atom(token);
    }

    // A run of everything else; dots belong to it, stray brackets too.
    void atom(Token& token)
    {
        token.kind = Token::Kind::Word;
        for (; at_ < text_.size(); ++at_) {
            char c = text_[at_];
            if (is_blank(c) || c == '"' || c == '(' || c == '[' ||
                specials.find(c) != std::string_view::npos)
                return;
            if (c == '\\' && at_ + 1 < text_.size())
                c = text_[++at_];
            token.text += c;
        }
    }

    // A quoted string, whose marks fall away, or a domain literal, whose brackets stay. Line ends
    // of folds are no part of either.
    void quoted(Token& token, char close, Token::Kind kind)
    {
        const bool literal = kind == Token::Kind::Literal;
        token.kind = kind;
        if (literal)
            token.text += '[';
        for (++at_; at_ < text_.size() && text_[at_] != close; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size())
                token.text += text_[++at_];
            else if (text_[at_] != '\r' && text_[at_] != '\n')
                token.text += text_[at_];
        }
        if (at_ == text_.size()) {
            token.kind = Token::Kind::Broken;
            return;
        }
        ++at_;
        if (literal)
            token.text += ']';
    }

    bool skip_blanks()
    {
        const std::size_t before = at_;
        while (at_ < text_.size() && !broken_) {
            if (text_[at_] == '(')
                skip_comment();
            else if (is_blank(text_[at_]))
                ++at_;
            else
                break;
        }
        return at_ != before;
    }

    void skip_comment()
    {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\')
                ++at_;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0) {
                ++at_;
                return;
            }
        }
        at_ = std::min(at_, text_.size());
        broken_ = true; // It does not end.
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool broken_ = false;
};

// The tokens of one address, put together.
class AddressParts {
public:
    void clear() { *this = AddressParts{}; }

    void add(const Token& token)
    {
        if (empty_)
            begin_ = token.begin;
        else if (token.kind != Token::Kind::Special)
            check_neighbour(token);
        empty_ = false;
        end_ = token.end;
        last_is_special_ = token.kind == Token::Kind::Special;
        address_ += token.text;
        has_word_ = has_word_ || !last_is_special_;
    }

    // An address was found if the tokens make one.
    void report(std::vector<ListedAddress>& found)
    {
        const auto is_control = [](char c) {
            return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
        };
        if (!has_word_ || two_words_ || std::any_of(address_.begin(), address_.end(), is_control))
            return;
        found.push_back({begin_, end_ - begin_, std::move(address_)});
    }

private:
    // Words may stand apart only around dots (RFC 5322 section 4.4).
    void check_neighbour(const Token& token)
    {
        if (last_is_special_ || !token.blank_before)
            return;
        const bool dotted = address_.ends_with('.') || token.text.starts_with('.');
        two_words_ = two_words_ || !dotted;
    }

    std::string address_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool empty_ = true;
    bool last_is_special_ = false;
    bool has_word_ = false;
    bool two_words_ = false;
};

// Reads one element after another.
class ListReader {
public:
    explicit ListReader(std::vector<ListedAddress>& found) : found_(found) {}

    // False when the list cannot be understood from here on.
    bool take(const Token& token)
    {
        switch (token.kind) {
        case Token::Kind::Broken: return false;
        case Token::Kind::End: end_element(); return false;
        case Token::Kind::Word:
        case Token::Kind::Literal: add(token); return true;
        case Token::Kind::Special: special(token); return true;
        }
        return false;
    }

private:
    enum class State : unsigned char { Bare, InAngle, AfterAngle };

    void add(const Token& token)
    {
        if (state_ != State::AfterAngle)
            parts_.add(token);
    }

    void special(const Token& token)
    {
        if (state_ == State::InAngle) {
            if (token.is('>'))
                end_angle();
            else if (token.is('<'))
                parts_.clear();
            else
                parts_.add(token);
        } else if (token.is('<')) {
            parts_.clear(); // A name came before.
            state_ = State::InAngle;
        } else if (token.is(':')) {
            parts_.clear(); // The name of a group.
            state_ = State::Bare;
        } else if (token.is(',') || token.is(';')) {
            end_element();
        } else {
            add(token);
        }
    }

    void end_angle()
    {
        parts_.report(found_);
        parts_.clear();
        state_ = State::AfterAngle;
    }

    void end_element()
    {
        if (state_ == State::Bare)
            parts_.report(found_);
        parts_.clear();
        state_ = State::Bare;
    }

    std::vector<ListedAddress>& found_;
    AddressParts parts_;
    State state_ = State::Bare;
};

} // namespace

std::vector<ListedAddress> find_addresses(std::string_view text, std::size_t token_limit)
{
    std::vector<ListedAddress> found;
    Scanner scanner{text};
    ListReader reader{found};
    for (std::size_t i = 0; i < token_limit; ++i)
        if (!reader.take(scanner.next()))
            break;
    return found;
}

std::string replace_addresses(std::string_view text, const std::vector<ListedAddress>& listed,
                              const std::vector<std::string>& replacements)
{
    std::string out;
    std::size_t done = 0;
    for (std::size_t i = 0; i < listed.size() && i < replacements.size(); ++i) {
        if (replacements[i] == listed[i].address)
            continue;
        out += text.substr(done, listed[i].offset - done);
        out += quote_address(replacements[i]);
        done = listed[i].offset + listed[i].length;
    }
    out += text.substr(done);
    return out;
}

} // namespace mail
