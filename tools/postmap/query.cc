// SPDX-License-Identifier: Apache-2.0
// Asking tables; see query.h.
#include "tools/postmap/query.h"

#include <cstdio>
#include <openssl/evp.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/table/file_table.h"
#include "lib/table/source.h"
#include "lib/table/tables.h"
#include "tools/postmap/build.h"
#include "tools/postmap/input.h"

namespace postmap {

namespace {

base::Result<std::string> decoded(const std::string& value, const Options& options)
{
    if (!options.base64_files)
        return value;
    std::string out(value.size() / 4 * 3 + 3, '\0');
    int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                               reinterpret_cast<const unsigned char*>(value.data()),
                               static_cast<int>(value.size()));
    if (size < 0)
        return base::permanent("the value is no base64 text");
    std::size_t padding = value.ends_with("==") ? 2 : value.ends_with("=") ? 1 : 0;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

base::Result<void> print(std::string_view text)
{
    return base::write_all(STDOUT_FILENO, text);
}

base::Result<void> print_pair(const std::string& key, const std::string& value,
                              const Options& options)
{
    auto plain = decoded(value, options);
    if (!plain)
        return plain.error();
    return print(base::cat(key, options.alias ? ":\t" : "\t", *plain, "\n"));
}

// Some errors name the table already.
std::string failed(std::string_view table, const std::string& why)
{
    std::string title = base::cat("table ", table, ": query error: ");
    return why.starts_with(title) ? why : base::cat(title, why);
}

class Asker {
public:
    Asker(const config::MainCf& main, const std::vector<std::string>& specs, const Options& options)
        : tables_({.main = &main}), options_(options)
    {
        table::Options how{.fold = options.fold,
                           .utf8 = options.utf8 && !options.body && !options.headers};
        for (const auto& spec : specs)
            opened_.push_back(&tables_.open(spec, how));
    }

    base::Result<void> check() const
    {
        if (!tables_.faults().empty())
            return base::permanent(tables_.faults().front());
        return {};
    }

    table::Found find(const std::string& key)
    {
        for (table::Table* table : opened_) {
            auto found = table->now(key);
            if (!found)
                return base::permanent(failed(table->name(), found.error().text));
            if (*found)
                return found;
        }
        return std::optional<std::string>{};
    }

    base::Result<bool> one()
    {
        auto found = find(options_.key);
        if (!found || !*found)
            return found ? base::Result<bool>(false) : found.error();
        auto plain = decoded(**found, options_);
        auto printed = plain ? print(base::cat(*plain, "\n")) : base::Result<void>(plain.error());
        if (!printed)
            return printed.error();
        return true;
    }

    base::Result<bool> many(const std::vector<std::string>& keys)
    {
        bool any = false;
        for (const auto& key : keys) {
            auto found = find(key);
            if (!found)
                return found.error();
            if (!*found)
                continue;
            any = true;
            auto printed = print_pair(key, **found, options_);
            if (!printed)
                return printed.error();
        }
        return any;
    }

private:
    table::Tables tables_;
    const Options& options_;
    std::vector<table::Table*> opened_;
};

std::vector<std::string> input_keys(const std::string& text, const Options& options)
{
    if (!options.headers && !options.body)
        return lines_of(text);
    std::vector<std::string> keys;
    for (auto& key : message_keys(text, options.mime))
        if (key.header ? options.headers : options.body)
            keys.push_back(std::move(key.text));
    return keys;
}

} // namespace

base::Result<bool> query(const config::MainCf& main, const std::vector<std::string>& specs,
                         const Options& options)
{
    Asker asker(main, specs, options);
    auto ready = asker.check();
    if (!ready)
        return ready.error();
    if (options.key != "-")
        return asker.one();
    auto text = read_standard_input();
    if (!text)
        return text.error();
    return asker.many(input_keys(*text, options));
}

base::Result<void> list(const std::string& spec, const Options& options)
{
    std::string_view type;
    std::string_view name;
    if (!table::split_table_name(spec, type, name) || !is_writable_type(type))
        return base::permanent(base::cat("table ", spec, ": sequence operation is not supported"));
    auto all = table::index_entries(std::string(name), table::index_of(type));
    if (!all)
        return all.error();
    for (const auto& [key, value] : *all) {
        auto printed = print_pair(key, value, options);
        if (!printed)
            return printed;
    }
    return {};
}

} // namespace postmap
