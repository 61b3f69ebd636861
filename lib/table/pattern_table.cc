// SPDX-License-Identifier: Apache-2.0
// regexp: and pcre: tables; see pattern_table.h.
#include "lib/table/pattern_table.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/table/rules.h"

namespace table {

namespace {

struct FreeCode {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeContext {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeMatch {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;

struct Pattern {
    Code code;
    bool negated = false;
};

// A piece of a result: text, or what a group of the pattern matched.
struct Piece {
    std::string text;
    unsigned group = 0;
    bool is_group = false;
};

struct PatternRule {
    std::vector<Pattern> patterns; // All have to hold.
    std::vector<Piece> result;
    std::size_t skip_to = 0;
    int line = 0;
    bool is_if = false;
};

struct Flag {
    char letter;
    std::uint32_t option;
};

constexpr Flag perl_flags[] = {
    {'i', PCRE2_CASELESS}, {'m', PCRE2_MULTILINE},
    {'s', PCRE2_DOTALL},   {'x', PCRE2_EXTENDED},
    {'A', PCRE2_ANCHORED}, {'E', PCRE2_DOLLAR_ENDONLY},
    {'U', PCRE2_UNGREEDY}, {'X', 0},
};
constexpr std::uint32_t perl_default = PCRE2_CASELESS | PCRE2_DOTALL;

// For POSIX, x means the extended syntax, and without m a newline is a character like others.
constexpr std::uint32_t posix_extended = 1u << 31;
static_assert(posix_extended != PCRE2_CASELESS && posix_extended != PCRE2_MULTILINE);
constexpr Flag posix_flags[] = {
    {'i', PCRE2_CASELESS}, {'m', PCRE2_MULTILINE}, {'x', posix_extended}};
constexpr std::uint32_t posix_default = PCRE2_CASELESS | posix_extended;

class Reader {
public:
    Reader(Dialect dialect, bool substitute, Warnings& warnings)
        : dialect_(dialect), substitute_(substitute), warnings_(warnings)
    {
    }

    bool read(std::string_view text, PatternRule& rule, const std::string& place)
    {
        text_ = text;
        place_ = place;
        groups_ = 0;
        if (!read_patterns(rule))
            return false;
        text_ = base::trim(text_);
        if (rule.is_if) {
            if (!text_.empty())
                warnings_.push_back(place_ + "ignoring extra text after IF statement");
            return true;
        }
        if (text_.empty())
            warnings_.push_back(place_ + "no replacement text: using empty string");
        return read_result(rule);
    }

private:
    bool fail(std::string_view what)
    {
        warnings_.push_back(base::cat(place_, what));
        return false;
    }

    // /pattern/flags, !/pattern/flags, and in regexp tables /this/!/notthat/.
    bool read_patterns(PatternRule& rule)
    {
        bool any = false;
        while (true) {
            Pattern pattern;
            while (!text_.empty() && text_.front() == '!') {
                pattern.negated = !pattern.negated;
                text_ = base::trim_left(text_.substr(1));
            }
            if (text_.empty() || base::is_alnum(text_.front()) || base::is_blank(text_.front()))
                return fail("ignoring unrecognized request");
            if (!read_pattern(pattern))
                return false;
            any = true;
            rule.patterns.push_back(std::move(pattern));
            if (dialect_ == Dialect::Perl || text_.empty() || text_.front() != '!')
                return any;
        }
    }

    bool read_pattern(Pattern& pattern)
    {
        char delimiter = text_.front();
        std::size_t end = 1;
        while (end < text_.size() && text_[end] != delimiter)
            end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size())
            return fail(
                base::cat("no closing regexp delimiter \"", delimiter, "\": skipping this rule"));
        std::string_view expression = text_.substr(1, end - 1);
        text_.remove_prefix(end + 1);
        auto options = read_flags();
        return options && compile(expression, *options, pattern);
    }

    std::optional<std::uint32_t> read_flags()
    {
        bool perl = dialect_ == Dialect::Perl;
        std::uint32_t options = perl ? perl_default : posix_default;
        const Flag* begin = perl ? std::begin(perl_flags) : std::begin(posix_flags);
        const Flag* end = perl ? std::end(perl_flags) : std::end(posix_flags);
        while (!text_.empty() && !base::is_blank(text_.front()) && text_.front() != '!') {
            const Flag* flag = begin;
            while (flag != end && flag->letter != text_.front())
                ++flag;
            if (flag == end) {
                fail(base::cat("unknown ", perl ? "pcre" : "regexp", " option \"", text_.front(),
                               "\": skipping this rule"));
                return std::nullopt;
            }
            options ^= flag->option;
            text_.remove_prefix(1);
        }
        return options;
    }

    bool compile(std::string_view expression, std::uint32_t options, Pattern& pattern)
    {
        std::string translated(expression);
        if (dialect_ == Dialect::Posix) {
            translated = posix_to_perl(expression, (options & posix_extended) != 0);
            options &= ~posix_extended;
            if ((options & PCRE2_MULTILINE) == 0)
                options |= PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY;
        }
        int code = 0;
        PCRE2_SIZE offset = 0;
        pattern.code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()),
                                         translated.size(), options | PCRE2_NEVER_BACKSLASH_C,
                                         &code, &offset, nullptr));
        if (!pattern.code) {
            char text[160] = {};
            pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(text), sizeof text);
            return fail(base::cat("error in expression at offset ", offset, ": ", text,
                                  ": skipping this rule"));
        }
        std::uint32_t groups = 0;
        pcre2_pattern_info(pattern.code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
        // Groups of the first pattern are the ones that $1 means.
        if (first_) {
            groups_ = pattern.negated ? 0 : groups;
            negated_ = pattern.negated;
        }
        first_ = false;
        return true;
    }

    bool read_result(PatternRule& rule)
    {
        std::string_view rest = text_;
        std::string text;
        for (auto at = rest.find('$'); at != rest.npos; at = rest.find('$')) {
            text.append(rest.substr(0, at));
            rest.remove_prefix(at + 1);
            if (rest.starts_with('$')) {
                text += '$';
                rest.remove_prefix(1);
            } else if (!read_group(rest, text, rule)) {
                return false;
            }
        }
        text.append(rest);
        if (!text.empty())
            rule.result.push_back({std::move(text), 0, false});
        return true;
    }

    // $1, ${1}, $(1)
    bool read_group(std::string_view& rest, std::string& before, PatternRule& rule)
    {
        char close = rest.empty()          ? '\0'
                     : rest.front() == '{' ? '}'
                     : rest.front() == '(' ? ')'
                                           : '\0';
        std::string_view word;
        if (close != '\0') {
            auto end = rest.find(close);
            if (end == std::string_view::npos)
                return fail("bad replacement syntax: skipping this rule");
            word = rest.substr(1, end - 1);
            rest.remove_prefix(end + 1);
        } else {
            std::size_t end = 0;
            while (end < rest.size() && (base::is_alnum(rest[end]) || rest[end] == '_'))
                ++end;
            word = rest.substr(0, end);
            rest.remove_prefix(end);
        }
        auto group = base::parse_int<unsigned>(word);
        if (!group)
            return fail(
                base::cat("non-numeric replacement index \"", word, "\": skipping this rule"));
        if (negated_)
            return fail("$number found in negative match replacement text: skipping this rule");
        if (!substitute_)
            return fail("$number substitution is not allowed here: skipping this rule");
        if (*group == 0 || *group > groups_)
            return fail(
                base::cat("out of range replacement index \"", word, "\": skipping this rule"));
        if (!before.empty())
            rule.result.push_back({std::exchange(before, {}), 0, false});
        rule.result.push_back({{}, *group, true});
        return true;
    }

    Dialect dialect_;
    bool substitute_;
    Warnings& warnings_;
    std::string_view text_;
    std::string place_;
    unsigned groups_ = 0;
    bool negated_ = false;
    bool first_ = true;
};

class PatternTable final : public Table {
public:
    PatternTable(const std::string& name, std::string title, std::vector<PatternRule> rules)
        : Table(name, Keys::Pattern), title_(std::move(title)), rules_(std::move(rules)),
          context_(pcre2_match_context_create(nullptr)), first_(new_match(0)), others_(new_match(0))
    {
        pcre2_set_match_limit(context_.get(), kMatchSteps);
        pcre2_set_heap_limit(context_.get(), kMatchKilobytes);
        std::uint32_t most = 1;
        for (const auto& rule : rules_) {
            std::uint32_t groups = 0;
            pcre2_pattern_info(rule.patterns.front().code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
            most = std::max(most, groups + 1);
        }
        first_.reset(pcre2_match_data_create(most, nullptr));
    }

protected:
    Found find(std::string_view key) override
    {
        for (std::size_t i = 0; i < rules_.size();) {
            const PatternRule& rule = rules_[i];
            bool matched = holds(rule, key);
            if (matched && !rule.is_if)
                return std::optional(expand(rule, key));
            i = rule.is_if && !matched ? rule.skip_to : i + 1;
        }
        return std::optional<std::string>{};
    }

private:
    using Match = std::unique_ptr<pcre2_match_data, FreeMatch>;
    static pcre2_match_data* new_match(std::uint32_t groups)
    {
        return pcre2_match_data_create(groups + 1, nullptr);
    }

    // A pattern that hits a limit makes its rule not hold, negated or not.
    bool holds(const PatternRule& rule, std::string_view key)
    {
        for (const auto& pattern : rule.patterns) {
            bool is_first = &pattern == &rule.patterns.front();
            int code = pcre2_match(pattern.code.get(), reinterpret_cast<PCRE2_SPTR>(key.data()),
                                   key.size(), 0, 0, is_first ? first_.get() : others_.get(),
                                   context_.get());
            if (code < 0 && code != PCRE2_ERROR_NOMATCH) {
                warn(rule, code);
                return false;
            }
            if ((code >= 0) == pattern.negated)
                return false;
        }
        return true;
    }

    void warn(const PatternRule& rule, int code) const
    {
        char text[160] = {};
        pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(text), sizeof text);
        base::Log().warning(title_, ", line ", rule.line, ": ", text);
    }

    std::string expand(const PatternRule& rule, std::string_view key) const
    {
        std::string out;
        const PCRE2_SIZE* borders = pcre2_get_ovector_pointer(first_.get());
        for (const auto& piece : rule.result) {
            if (!piece.is_group) {
                out += piece.text;
                continue;
            }
            PCRE2_SIZE begin = borders[2 * piece.group];
            PCRE2_SIZE end = borders[2 * piece.group + 1];
            if (begin != PCRE2_UNSET && begin <= end)
                out.append(key.substr(begin, end - begin));
        }
        return out;
    }

    std::string title_;
    std::vector<PatternRule> rules_;
    std::unique_ptr<pcre2_match_context, FreeContext> context_;
    Match first_;
    Match others_;
};

} // namespace

std::unique_ptr<Table> make_pattern_table(const std::string& name, std::string_view source,
                                          Dialect dialect, bool substitute, Warnings& warnings)
{
    std::string title = base::cat(dialect == Dialect::Perl ? "pcre" : "regexp", " map ",
                                  std::string_view(name).substr(name.find(':') + 1));
    auto rules = read_rules<PatternRule>(
        source_lines(source), title, warnings,
        [&](std::string_view text, PatternRule& rule, const std::string& place) {
            return Reader(dialect, substitute, warnings).read(text, rule, place);
        });
    return std::make_unique<PatternTable>(name, title, std::move(rules));
}

} // namespace table
