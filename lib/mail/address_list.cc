// SPDX-License-Identifier: Apache-2.0
// Address lists; see address_list.h. Two layers: a scanner that cuts text into words, operators and
// nothing else (blanks and comments are dropped), and a reader that goes through these from the
// right to the left, because what ends a name, a group or an address shows only there.
#include "lib/mail/address_list.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace mail {

namespace {

struct Token {
    static constexpr char word = 'w';    // An atom.
    static constexpr char quoted = '"';  // A quoted string.
    static constexpr char literal = '['; // A domain literal.
    char kind = word;                    // One of these, or the operator itself.
    std::size_t begin = 0;
    std::size_t end = 0;

    bool is_word() const { return kind == word || kind == quoted || kind == literal; }
};

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_operator(char c)
{
    static constexpr std::string_view operators = "<>,;:@.%!|)]";
    return operators.find(c) != std::string_view::npos;
}

// Whether the backslash at `at` quotes what follows. The end of a line stays what it is.
bool quotes_next(std::string_view text, std::size_t at)
{
    return text[at] == '\\' && at + 1 < text.size() && text[at + 1] != '\r' && text[at + 1] != '\n';
}

class Scanner {
public:
    // Blanks and line ends behind the list belong to no token, whatever is not closed in it.
    explicit Scanner(std::string_view text)
        : text_(text.substr(0, text.find_last_not_of(" \t\r\n") + 1))
    {
    }

    // False at the end.
    bool next(Token& token)
    {
        skip_blanks();
        if (at_ == text_.size())
            return false;
        token.begin = at_;
        token.kind = scan();
        token.end = at_;
        return true;
    }

private:
    char scan()
    {
        const char c = text_[at_];
        if (c == '"' || c == '[') {
            delimited(c == '[' ? ']' : '"');
            return c == '[' ? Token::literal : Token::quoted;
        }
        if (is_operator(c)) {
            ++at_;
            return c;
        }
        atom();
        return Token::word;
    }

    void atom()
    {
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (is_blank(c) || is_operator(c) || c == '"' || c == '(' || c == '[')
                return;
            if (quotes_next(text_, at_))
                ++at_;
        }
    }

    // Up to the character that ends it, or to the end of all.
    void delimited(char close)
    {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == close) {
                ++at_;
                return;
            }
            if (quotes_next(text_, at_))
                ++at_;
        }
    }

    void skip_blanks()
    {
        while (at_ < text_.size()) {
            if (text_[at_] == '(')
                skip_comment();
            else if (is_blank(text_[at_]))
                ++at_;
            else
                return;
        }
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
        at_ = text_.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// What a token stands for: quotation marks and backslashes fall away, brackets stay. Line ends of
// folds are no part of it.
void append_value(std::string& to, std::string_view written, char kind)
{
    const bool marked = kind == Token::quoted;
    if (marked)
        written.remove_prefix(1);
    for (std::size_t i = 0; i < written.size(); ++i) {
        const char c = written[i];
        if (quotes_next(written, i))
            to += written[++i];
        else if (c != '\r' && c != '\n' && c != '\\' && !(marked && c == '"'))
            to += c;
    }
    if (kind == Token::literal && !to.ends_with(']'))
        to += ']';
}

// Reads one list, from its end.
class ListReader {
public:
    // `cut`: more came behind the tokens; whether it ends a group is not known.
    ListReader(std::string_view text, const std::vector<Token>& tokens, bool cut)
        : text_(text), tokens_(tokens), right_(tokens.size()), in_group_(cut)
    {
    }

    std::vector<ListedAddress> read()
    {
        at_ = tokens_.size();
        while (at_ > 0)
            step(tokens_[at_ - 1]);
        collect(0, false);
        std::reverse(found_.begin(), found_.end());
        return std::move(found_);
    }

private:
    void step(const Token& token)
    {
        if (token.is_word()) {
            if (!word_may_come_)
                end_address(true); // Two words side by side: a comma is missing.
            word_may_come_ = false;
            --at_;
        } else if (token.kind == '>') {
            angle();
        } else if (token.kind == ':' && in_group_) {
            collect(at_, false);
            skip_to(",");
        } else {
            if (token.kind == ';' || token.kind == ',') {
                end_address(token.kind == ';');
                right_ = at_ - 1;
            }
            in_group_ = in_group_ || token.kind == ';';
            word_may_come_ = true;
            --at_;
        }
    }

    // "Name <address>": what is left of the address, up to the next of these, is the name.
    void angle()
    {
        end_address(true);
        right_ = at_ - 1;
        while (at_ > 0 && tokens_[at_ - 1].kind != '<')
            --at_;
        collect(at_, false);
        skip_to(">;,:");
        word_may_come_ = true;
    }

    void skip_to(std::string_view operators)
    {
        while (at_ > 0 && (tokens_[at_ - 1].is_word() ||
                           operators.find(tokens_[at_ - 1].kind) == std::string_view::npos))
            --at_;
        right_ = at_;
    }

    // The address that begins behind the token looked at.
    void end_address(bool comma)
    {
        collect(at_, comma);
        right_ = at_;
    }

    // An address of the tokens from `first` to right_, if there are any.
    void collect(std::size_t first, bool comma)
    {
        if (first >= right_)
            return;
        ListedAddress one;
        one.offset = tokens_[first].begin;
        one.length = tokens_[right_ - 1].end - one.offset;
        if (comma && first > 0)
            one.comma_at = tokens_[first - 1].end;
        for (std::size_t i = first; i < right_; ++i)
            append_value(one.address,
                         text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin),
                         tokens_[i].kind);
        found_.push_back(std::move(one));
    }

    std::string_view text_;
    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;    // Tokens from here on have been looked at.
    std::size_t right_ = 0; // Those from here on belong to what was found.
    bool in_group_;
    bool word_may_come_ = true;
    std::vector<ListedAddress> found_;
};

} // namespace

std::vector<ListedAddress> find_addresses(std::string_view text, std::size_t token_limit)
{
    std::vector<Token> tokens;
    Scanner scanner{text};
    bool cut = false;
    for (Token token; !cut && scanner.next(token);) {
        cut = tokens.size() == token_limit;
        if (!cut)
            tokens.push_back(token);
    }
    // The last address may be a part of one.
    while (cut && !tokens.empty() && tokens.back().kind != ',' && tokens.back().kind != ';')
        tokens.pop_back();
    return ListReader{text, tokens, cut}.read();
}

std::string replace_addresses(std::string_view text, const std::vector<ListedAddress>& listed,
                              const std::vector<std::string>& replacements)
{
    std::string out;
    std::size_t done = 0;
    bool changed = false;
    for (std::size_t i = 0; i < listed.size() && i < replacements.size(); ++i) {
        const ListedAddress& one = listed[i];
        if (one.comma_at) {
            out += text.substr(done, *one.comma_at - done);
            out += ',';
            done = *one.comma_at;
        }
        if (replacements[i] == one.address)
            continue;
        changed = true;
        out += text.substr(done, one.offset - done);
        out += quote_address(replacements[i]);
        done = one.offset + one.length;
    }
    if (!changed)
        return std::string(text);
    out += text.substr(done);
    return out;
}

} // namespace mail
