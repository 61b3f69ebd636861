// SPDX-License-Identifier: Apache-2.0
// A configuration directory to check.
#pragma once

#include "lib/base/strings.h"
#include "lib/checkup/checkup.h"
#include "tests/unit/temporary_directory.h"

namespace checkup {

class Configuration : public testing::Test {
protected:
    // Faults as "main.cf 3 e text (hint)"; the directory reads DIR.
    std::vector<std::string> run(std::string_view main, std::string_view master)
    {
        directory_.write("main.cf", main);
        directory_.write("master.cf", master);
        std::vector<std::string> out;
        for (const config::Fault& f : check(directory_.path())) {
            std::string text =
                base::cat(base::base_name(f.file), " ", f.line, f.warning ? " w " : " e ", f.text);
            if (!f.hint.empty())
                base::append(text, " (", f.hint, ")");
            for (auto at = text.find(directory_.path()); at != text.npos;
                 at = text.find(directory_.path()))
                text.replace(at, directory_.path().size(), "DIR");
            out.push_back(std::move(text));
        }
        return out;
    }

    tests::TemporaryDirectory directory_;
};

} // namespace checkup
