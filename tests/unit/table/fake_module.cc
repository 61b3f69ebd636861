// SPDX-License-Identifier: Apache-2.0
// A loadable module for tests: what it "finds" is in the file and in the key.
//   values = a b c    comes back for every key
//   fails = text      each search is an error
//   query = TEMPLATE  what is asked comes back too, with quoted parts in brackets
#include "lib/table/module.h"

#include <sstream>

namespace table {
namespace {

constexpr ModuleSetting rows[] = {
    {"values"}, {"fails"}, {"query", {}, SettingKind::Template}, {"watched"}};

class FakeSource final : public Source {
public:
    FakeSource(const TableSettings& settings, Notes& notes)
        : values_(settings.text("values")), fails_(settings.text("fails")),
          query_(settings.text("query")), watched_(settings.text("watched")), notes_(notes)
    {
    }
    base::Result<void> search(Search& search) override
    {
        if (!fails_.empty()) {
            notes_.warning("a word before it fails");
            return failure(fails_);
        }
        if (!query_.empty()) {
            std::string asked;
            auto brackets = [](std::string_view part, std::string& out) {
                out.append("[").append(part).append("]");
                return true;
            };
            if (!search.expand(query_, brackets, asked))
                return {};
            search.add(asked);
        }
        std::istringstream values(values_);
        for (std::string value; values >> value;)
            if (!search.add(value == "\"\"" ? "" : value))
                return {};
        return {};
    }
    std::vector<std::string> files() const override
    {
        return watched_.empty() ? std::vector<std::string>{} : std::vector{watched_};
    }

private:
    std::string values_, fails_, query_, watched_;
    Notes& notes_;
};

class FakeModule final : public Module {
public:
    std::span<const ModuleSetting> settings() const override { return rows; }
    base::Result<std::unique_ptr<Source>> open(const TableSettings& settings, Notes& notes) override
    {
        if (settings.given("query") && settings.text("query").empty())
            return misconfigured("query is empty");
        return std::unique_ptr<Source>(std::make_unique<FakeSource>(settings, notes));
    }
};

} // namespace
} // namespace table

TABLE_MODULE(fake_module, table::FakeModule)

extern "C" __attribute__((visibility("default"))) table::Module* of_another_release(const char*)
{
    return nullptr;
}
