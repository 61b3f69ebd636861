// SPDX-License-Identifier: Apache-2.0
// Lists whose elements mean something that can be looked at before anything is started: the check
// of a configuration opens their tables and files. To programs they are lists of texts.
#pragma once

#include "lib/config/param.h"

namespace config {

// Lookup tables, "type:name" each.
struct Tables : List {
    static constexpr std::string_view name = "tables";
};

// Names, tables and files of a match list.
struct Patterns : List {
    static constexpr std::string_view name = "patterns";
};

// The same with network addresses.
struct Networks : List {
    static constexpr std::string_view name = "networks";
};

// Words of a set, as Choice<E> has one of them.
template <typename E> struct Choices {
    using Value = std::vector<E>;
    static bool parse(std::string_view text, Value& value, std::string& why)
    {
        std::vector<std::string> words;
        if (!List::parse(text, words, why))
            return false;
        value.resize(words.size());
        for (std::size_t i = 0; i < words.size(); ++i)
            if (!Choice<E>::parse(words[i], value[i], why))
                return false;
        return true;
    }
    static constexpr std::string_view name = "list";
};

} // namespace config
