// SPDX-License-Identifier: Apache-2.0
// Editing main.cf and master.cf; see edit.h.
#include "lib/config/edit.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace config {

namespace {

constexpr std::size_t kLineWidth = 80;
constexpr std::string_view kIndent = "    ";
constexpr std::size_t kColumns[] = {0, 11, 17, 25, 33, 41, 49, 57};

std::string main_key(std::string_view line)
{
    return std::string(line.substr(0, line.find_first_of("= \t\r")));
}

std::string master_key(std::string_view line)
{
    auto words = base::split(line, " \t\r");
    return words.size() < 2 ? std::string(line) : base::cat(words[0], "/", words[1]);
}

using KeyOf = std::string (*)(std::string_view line);

class LineEditor {
public:
    LineEditor(std::vector<LineEdit>& edits, KeyOf key_of) : edits_(edits), key_of_(key_of) {}

    std::string run(std::string_view text)
    {
        while (!text.empty())
            take(base::cut(text, '\n'));
        for (const LineEdit& edit : edits_) {
            if (edit.kind == EditKind::Set && edit.found == 0)
                put("", edit.text);
        }
        return std::move(out_);
    }

private:
    void put(std::string_view prefix, std::string_view line)
    {
        base::append(out_, prefix, line, "\n");
    }

    void take(std::string_view line)
    {
        std::string_view content = base::trim(line);
        if (content.empty() || content.front() == '#') {
            put("", line);
            return;
        }
        bool begins = !base::is_blank(line.front());
        if (begins)
            current_ = find(key_of_(line));
        if (current_ == nullptr)
            put("", line);
        else if (current_->kind == EditKind::CommentOut)
            put("#", line);
        else if (begins && current_->kind == EditKind::Set)
            put("", current_->text);
    }

    LineEdit* find(const std::string& key)
    {
        auto found = std::find_if(edits_.begin(), edits_.end(),
                                  [&](const LineEdit& edit) { return edit.key == key; });
        if (found == edits_.end())
            return nullptr;
        ++found->found;
        return &*found;
    }

    std::vector<LineEdit>& edits_;
    KeyOf key_of_;
    LineEdit* current_ = nullptr; // For the entry that the current line belongs to.
    std::string out_;
};

std::string braced(std::string_view argument)
{
    bool plain = !argument.empty() && argument.find_first_of(" \t") == std::string_view::npos;
    return plain ? std::string(argument) : base::cat("{", argument, "}");
}

// Where the options of `arguments` end: the first word that is none.
std::size_t options_end(const std::vector<std::string>& arguments)
{
    std::size_t i = 0;
    while (i < arguments.size() && arguments[i].size() > 1 && arguments[i].front() == '-' &&
           arguments[i] != "--")
        i += arguments[i] == "-o" ? 2 : 1;
    return std::min(i, arguments.size());
}

// Arguments as written; an -o and its setting are one item.
std::vector<std::string> items_of(const ServiceEntry& entry)
{
    std::vector<std::string> items;
    std::size_t end = options_end(entry.arguments);
    for (std::size_t i = 0; i < entry.arguments.size(); ++i) {
        bool pair = i < end && entry.arguments[i] == "-o";
        if (pair)
            ++i;
        items.push_back(base::cat(pair ? "-o " : "", braced(entry.arguments[i])));
    }
    return items;
}

} // namespace

std::string edit_main_cf(std::string_view text, std::vector<LineEdit>& edits)
{
    return LineEditor{edits, main_key}.run(text);
}

std::string edit_master_cf(std::string_view text, std::vector<LineEdit>& edits)
{
    return LineEditor{edits, master_key}.run(text);
}

std::string format_service(const ServiceEntry& entry, bool fold)
{
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i > 0)
            out.append(std::max<std::size_t>(kColumns[i], out.size() + 1) - out.size(), ' ');
        out.append(entry.fields[i]);
    }
    std::size_t line_start = 0;
    bool after_setting = false;
    for (const std::string& item : items_of(entry)) {
        bool setting = item.starts_with("-o ");
        bool full = out.size() - line_start + 1 + item.size() >= kLineWidth;
        if (fold && (setting || after_setting || full)) {
            out.push_back('\n');
            line_start = out.size();
            out.append(kIndent);
        } else {
            out.push_back(' ');
        }
        out.append(item);
        after_setting = setting;
    }
    return out;
}

std::string format_command(const ServiceEntry& entry)
{
    std::string out = entry.fields[7];
    for (const std::string& item : items_of(entry))
        base::append(out, " ", item);
    return out;
}

std::string fold_words(std::string_view text, bool fold)
{
    std::string out;
    std::size_t line_start = 0;
    for (std::string_view word : base::split(text, " \t\r\n\v\f")) {
        if (out.empty()) {
            out.append(word);
        } else if (fold && out.size() - line_start + 1 + word.size() >= kLineWidth) {
            out.push_back('\n');
            line_start = out.size();
            base::append(out, kIndent, word);
        } else {
            base::append(out, " ", word);
        }
    }
    return out;
}

void change_override(ServiceEntry& entry, std::string_view name, const std::string* value)
{
    auto& arguments = entry.arguments;
    std::string start = base::cat(name, "=");
    bool done = false;
    std::size_t end = options_end(arguments);
    for (std::size_t i = 0; i + 1 < end;) {
        if (arguments[i] != "-o") {
            ++i;
            continue;
        }
        bool same = arguments[i + 1].starts_with(start);
        if (same && (value == nullptr || done)) {
            auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
            arguments.erase(at, at + 2);
            end -= 2;
            continue;
        }
        if (same) {
            arguments[i + 1] = base::cat(start, *value);
            done = true;
        }
        i += 2;
    }
    if (value == nullptr || done)
        return;
    auto at = arguments.begin() + static_cast<std::ptrdiff_t>(end);
    arguments.insert(at, {"-o", base::cat(start, *value)});
}

} // namespace config
