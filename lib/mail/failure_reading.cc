// SPDX-License-Identifier: Apache-2.0
// Replies as words; see failure_reading.h.
#include "lib/mail/failure_reading.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace mail {

namespace {

using Detail = FailureReading::Detail;
using Stage = FailureReading::Stage;

// A negation reaches over small words to what it denies, never further than this.
constexpr unsigned negation_reach = 5;

constexpr std::string_view negations[] = {
    "not",    "no",      "never",  "cannot",  "cant",   "couldnt", "wont",    "wouldnt",
    "doesnt", "dont",    "didnt",  "isnt",    "arent",  "wasnt",   "werent",  "hasnt",
    "havent", "non",     "nor",    "neither", "unable", "without", "failing", "nicht",
    "kein",   "keine",   "nie",    "keinen",  "nao",    "pas",     "mustnt",  "shouldnt",
    "nessun", "nessuna", "ningun", "ninguna", "nenhum", "nenhuma", "aucun",   "aucune",
    "geen",   "ingen",   "zadny",  "brak"};

// These deny what comes after "to": "failed to find".
constexpr std::string_view negations_before_to[] = {"failed",  "fails",   "failure",
                                                    "refused", "refuses", "fail"};

// What may stand between a negation and what it denies.
constexpr std::string_view small_words[] = {
    "a",          "an",         "any",       "the",       "be",        "been",
    "being",      "to",         "have",      "has",       "had",       "is",
    "are",        "was",        "were",      "yet",       "currently", "able",
    "do",         "does",       "did",       "this",      "that",      "your",
    "our",        "my",         "presently", "longer",    "such",      "valid",
    "known",      "active",     "existing",  "properly",  "correctly", "successfully",
    "authorized", "authorised", "allowed",   "permitted", "local",     "recognized",
    "enough",     "sufficient", "more",      "would",     "will",      "because",
    "current",    "mail",       "email",     "e",         "solcher",   "solche",
    "virtual"};

// Last labels of host names, besides those of two letters.
constexpr std::string_view top_labels[] = {
    "com",       "net",         "org",  "edu",  "gov",     "mil",     "int",
    "info",      "biz",         "name", "zone", "example", "invalid", "local",
    "localhost", "localdomain", "arpa", "lan",  "test",    "cloud",   "online",
    "email",     "mail",        "html", "htm",  "php",     "cgi",     "aspx"};

template <std::size_t N> bool is_one_of(const std::string_view (&list)[N], std::string_view word)
{
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool is_word_byte(char c)
{
    return base::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80;
}

// RFC 3463 2: class "." subject "." detail, each of the last two up to three digits.
std::optional<Detail> parse_detail(std::string_view token)
{
    if (token.size() < 5 || (token[0] != '4' && token[0] != '5') || token[1] != '.')
        return std::nullopt;
    token.remove_prefix(2);
    const std::string_view subject = base::cut(token, '.');
    const auto first = base::parse_int<unsigned>(subject);
    const auto second = base::parse_int<unsigned>(token);
    if (!first || !second || *first > 999 || *second > 999)
        return std::nullopt;
    return Detail{*first, *second};
}

// The plain letter for U+00E0 to U+00FF, or a blank.
char plain_letter(unsigned char second)
{
    constexpr std::string_view letters = "aaaaaaaceeeeiiiidnooooo ouuuuyty";
    return second >= 0xa0 && second <= 0xbf ? letters[second - 0xa0] : ' ';
}

// Lower case and without accents: Latin of Western Europe, Cyrillic, and ASCII.
void fold_pair(unsigned char first, unsigned char second, std::string& to)
{
    if (first == 0xc3) {
        const bool upper = second >= 0x80 && second <= 0x9e && second != 0x97;
        const auto lower = static_cast<unsigned char>(upper ? second + 0x20 : second);
        if (second == 0x9f) // U+00DF, as in "gross".
            to += "ss";
        else
            to += plain_letter(lower);
        return;
    }
    if (first == 0xd0 && second >= 0x90 && second <= 0x9f)
        second = static_cast<unsigned char>(second + 0x20);
    else if (first == 0xd0 && second >= 0xa0 && second <= 0xaf) {
        first = 0xd1;
        second = static_cast<unsigned char>(second - 0x20);
    }
    to += static_cast<char>(first);
    to += static_cast<char>(second);
}

// U+0800 to U+FFFF as UTF-8.
void append_wide(unsigned code, std::string& to)
{
    to += static_cast<char>(0xe0 | code >> 12);
    to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (code & 0x3f));
}

// ISO-2022-JP (RFC 1468), as Japanese systems still write it, often with its escapes lost on the
// way: "$B" pairs "(B". Kana become Unicode, which is enough for the rules; the rest stays unread.
// Returns the bytes taken, or 0 where it is something else.
std::size_t take_japanese(std::string_view text, std::string& to)
{
    constexpr unsigned hiragana = 0x3041, katakana = 0x30a1, unread = 0x3013;
    if (!text.starts_with("$B"))
        return 0;
    const auto end = text.find("(B", 2);
    if (end == std::string_view::npos)
        return 0;
    std::string_view pairs = text.substr(2, end - 2);
    if (pairs.ends_with('\x1b'))
        pairs.remove_suffix(1);
    if (pairs.empty() || (pairs.size() & 1) != 0 ||
        !std::all_of(pairs.begin(), pairs.end(), [](char c) { return c > ' ' && c < 0x7f; }))
        return 0;
    for (std::size_t at = 0; at < pairs.size(); at += 2) {
        const auto place = static_cast<unsigned>(pairs[at + 1] - '!');
        append_wide(pairs[at] == '$'   ? hiragana + place
                    : pairs[at] == '%' ? katakana + place
                                       : unread,
                    to);
    }
    to += ' ';
    return end + 2;
}

bool is_apostrophe(std::string_view text, std::size_t at)
{
    return text[at] == '\'' || text[at] == '`';
}

std::string folded(std::string_view text)
{
    std::string to;
    to.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool pair = (byte == 0xc3 || byte == 0xd0) && at + 1 < text.size();
        if (const auto taken = take_japanese(text.substr(at), to); taken > 0) {
            at += taken - 1;
        } else if (pair) {
            fold_pair(byte, static_cast<unsigned char>(text[at + 1]), to);
            ++at;
        } else if (text.substr(at).starts_with("\xe2\x80\x99")) { // U+2019
            at += 2;
        } else if (!is_apostrophe(text, at)) {
            to += base::lower(text[at]);
        }
    }
    return to;
}

bool is_ip(std::string_view token)
{
    const auto dots = std::count(token.begin(), token.end(), '.');
    const auto digits = std::count_if(token.begin(), token.end(), base::is_digit);
    return dots == 3 && digits >= 4 && static_cast<std::size_t>(dots + digits) == token.size();
}

// "mx.example.com", and not "RESOLVER.ADR.NotFound" or two sentences without a blank between them.
bool is_host_name(std::string_view token)
{
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos || dot == 0)
        return false;
    const std::string_view last = token.substr(dot + 1);
    const bool letters = last.size() == 2 && base::is_alpha(last[0]) && base::is_alpha(last[1]);
    return letters || is_one_of(top_labels, last);
}

bool is_url(std::string_view token)
{
    return token.find("://") != std::string_view::npos || token.starts_with("www.") ||
           token.find("//www.") != std::string_view::npos;
}

// "/usr/bin/vacation", "|/usr/bin/vacation", "~/Maildir/new".
bool is_path(std::string_view token)
{
    static constexpr std::string_view beginnings[] = {"/", "./", "../", "~/"};
    token.remove_prefix(std::min(token.find_first_not_of("|'`"), token.size()));
    return std::any_of(std::begin(beginnings), std::end(beginnings),
                       [&](std::string_view begin) { return token.starts_with(begin); });
}

std::string_view strip(std::string_view token)
{
    while (!token.empty() && !is_word_byte(token.back()))
        token.remove_suffix(1);
    while (!token.empty() && !is_word_byte(token.front()))
        token.remove_prefix(1);
    return token;
}

// "name@host...User": what Sendmail's dots join, where the blank after them is missing.
std::string_view word_after_address(std::string_view token)
{
    const auto at = token.find('@');
    const auto dots = at == std::string_view::npos ? at : token.find("...", at);
    return dots == std::string_view::npos ? std::string_view{} : token.substr(dots + 3);
}

Stage stage_of(std::string_view words)
{
    struct Name {
        std::string_view words;
        Stage stage;
    };
    static constexpr Name names[] = {{"end of data", Stage::Data},
                                     {"sent the message", Stage::Data},
                                     {"data command", Stage::Data},
                                     {"mail from", Stage::Mail},
                                     {"sender was rejected", Stage::Mail},
                                     {"rcpt to", Stage::Rcpt},
                                     {"like recipient", Stage::Rcpt},
                                     {"helo", Stage::Hello},
                                     {"ehlo", Stage::Hello},
                                     {"initial connection", Stage::Hello},
                                     {"talk to me", Stage::Hello}};
    for (const Name& name : names)
        if (words.find(name.words) != std::string_view::npos)
            return name.stage;
    return Stage::Unsaid;
}

// "smtp; ...": the type of a Diagnostic-Code field (RFC 3464 2.3.6).
std::string_view without_type(std::string_view text)
{
    constexpr std::size_t type_limit = 32;
    const auto type = text.find(';');
    if (type < type_limit && text.substr(0, type).find_first_of(" \t(.") == std::string_view::npos)
        text.remove_prefix(type + 1);
    return base::trim(text);
}

// What stands before a reply that a text quotes: "host NAME said: 550 ...", "SMTP error from remote
// mail server after RCPT TO:<NAME>: 550 ...", "5.1.0 - Unknown address error 550-'...'".
bool introduces_reply(std::string_view before)
{
    static constexpr std::string_view ends[] = {
        "said: ", "]: ", ">: ", "<<< ", "-> ", "talk to me: ", "error ", "response: ", "'", "\""};
    return std::any_of(std::begin(ends), std::end(ends),
                       [&](std::string_view end) { return before.ends_with(end); });
}

bool is_reply_code(std::string_view text)
{
    return text.size() > 4 && (text[0] == '4' || text[0] == '5') && base::is_digit(text[1]) &&
           base::is_digit(text[2]) && (text[3] == ' ' || text[3] == '-');
}

// Where the reply of another system begins, or 0.
std::size_t quoted_reply(std::string_view text)
{
    for (std::size_t at = 1; at + 4 < text.size(); ++at)
        if (is_reply_code(text.substr(at)) && introduces_reply(text.substr(0, at)))
            return at;
    return 0;
}

} // namespace

FailureReading::FailureReading(std::string_view dsn, std::string_view text,
                               bool (*keep_name)(std::string_view))
    : keep_name_(keep_name)
{
    dsn = base::trim(dsn);
    if (const auto detail = parse_detail(dsn))
        details_.push_back(*detail);
    text_ = folded(unwrapped(text.substr(0, failure_text_limit)));
    std::string_view rest = text_;
    says_nothing_ = base::trim(rest).empty();
    if (const auto status = base::parse_int<unsigned>(base::trim(rest)); status && *status < 256)
        exit_status_ = *status;
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of(" \t\r\n<>()[]\":;,="), rest.size());
        const bool has_url = rest.substr(0, end + 3).ends_with("://");
        const auto size =
            has_url ? std::min(rest.find_first_of(" \t\r\n<>()[]\""), rest.size()) : end;
        const char border = size < rest.size() ? rest[size] : ' ';
        take_addressee(rest.substr(0, size), border);
        if (size > 0)
            take_token(rest.substr(0, size), border == ';');
        if (border == ';')
            opens_ = true;
        rest.remove_prefix(std::min(size + 1, rest.size()));
    }
    temporary_ = dsn.starts_with('4') || (code_ >= 400 && code_ < 500);
}

// Where the recipient's name stands, or a colon that should have one before it.
void FailureReading::take_addressee(std::string_view token, char border)
{
    const bool is_name = token.find('@') != std::string_view::npos;
    names_nobody_ = names_nobody_ ||
                    (border == ':' && token.empty() && !has_name_ && code_ != 0 && words_.empty());
    has_name_ = has_name_ || is_name;
    ends_with_name_ = (is_name && border == ' ') || (ends_with_name_ && token.empty());
}

// The reply that a text quotes, without the words of the system that quotes it; those tell which
// command was refused.
std::string_view FailureReading::unwrapped(std::string_view text)
{
    constexpr std::string_view in_reply = "(in reply to ";
    text = without_type(text);
    const std::size_t begin = quoted_reply(text);
    stage_ = stage_of(base::lower(text.substr(0, begin)));
    text.remove_prefix(begin);
    if (const auto end = text.rfind(in_reply); end != text.npos) {
        stage_ = stage_of(base::lower(text.substr(end)));
        text = text.substr(0, end);
    }
    return text;
}

void FailureReading::take_token(std::string_view token, bool ends_sentence)
{
    const bool ends = ends_sentence || token.back() == '.' || token.back() == '!';
    const std::string_view bare = strip(token);
    if (const auto after = word_after_address(bare); !after.empty())
        take_words(after, false);
    else if (bare.empty() || bare.find('@') != std::string_view::npos)
        opens_ = opens_ || (ends && bare.empty() && token.size() == 1);
    else if (is_ip(bare))
        add("ip");
    else if (is_path(token))
        add("path");
    else if (!take_code(bare)) {
        take_words(bare, is_url(token) || is_host_name(bare));
        opens_ = opens_ || ends;
    }
}

// "550", "550-5.1.1", "5.1.1", "#5.1.1": what a reply has in front of its text, on each line.
bool FailureReading::take_code(std::string_view token)
{
    const bool has_code = token.size() >= 3 && (token[0] == '4' || token[0] == '5') &&
                          base::is_digit(token[1]) && base::is_digit(token[2]) &&
                          (token.size() == 3 || !base::is_alnum(token[3]));
    if (has_code && token.size() > 3 && token[3] == '.')
        return false;
    if (has_code) {
        if (code_ == 0)
            code_ = base::parse_int<unsigned>(token.substr(0, 3)).value_or(0);
        token = strip(token.substr(3));
    }
    const auto detail = parse_detail(token);
    if (detail)
        details_.push_back(*detail);
    else if (has_code && !token.empty())
        take_words(token, false);
    return has_code || detail;
}

void FailureReading::take_words(std::string_view token, bool names_only)
{
    std::size_t at = 0;
    while (at < token.size()) {
        std::size_t end = at;
        while (end < token.size() && is_word_byte(token[end]))
            ++end;
        const std::string_view word = token.substr(at, end - at);
        if (!word.empty() && (!names_only || keep_name_(word)))
            add(word);
        at = end + 1;
    }
}

void FailureReading::add(std::string_view word)
{
    if (words_.size() == failure_word_limit)
        return;
    if (std::exchange(opens_, false)) {
        negation_ = 0;
        ++sentence_;
    }
    if (is_one_of(negations, word)) {
        negation_ = negation_reach;
        return;
    }
    const bool opens = !words_.empty() && words_.back().sentence != sentence_;
    words_.push_back({word, false, opens, sentence_});
    words_.back().negated = negates(word);
}

// Follows negations through the words; the last one is `word`.
bool FailureReading::negates(std::string_view word)
{
    if (word == "to" && words_.size() > 1 &&
        is_one_of(negations_before_to, words_[words_.size() - 2].text))
        negation_ = negation_reach;
    if (negation_ == 0)
        return false;
    negation_ = is_one_of(small_words, word) ? negation_ - 1 : 0;
    return true;
}

} // namespace mail
