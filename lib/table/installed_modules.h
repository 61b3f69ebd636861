// SPDX-License-Identifier: Apache-2.0
// Which kinds of database tables are installed, and their modules. dynamicmaps.cf in
// meta_directory, and the files *.cf in its dynamicmaps.cf.d, have a line for each:
//
//   mysql   posthouse-mysql.so   posthouse_mysql
//
// the type, the module (in shlib_directory unless it is a path), and the function in it. Lines of
// other types, which are built in or unknown, are passed over. A module is code: it is loaded only
// when it, and each directory on the way to it, belongs to root (or to who runs us) and nobody else
// may write there.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/table/module.h"
#include "lib/table/source.h"

namespace table {

// The kinds of tables that modules may bring, sorted.
std::vector<std::string_view> database_types();
bool is_database_type(std::string_view type);

class InstalledModules {
public:
    struct Places {
        std::string meta_directory = DEFAULT_CONFIG_DIRECTORY;
        std::string shlib_directory = DEFAULT_SHLIB_DIRECTORY;
    };
    InstalledModules() = default;
    explicit InstalledModules(Places places) : places_(std::move(places)) {}

    // Types with a line whose module is there, sorted.
    std::vector<std::string> types();

    // The module, loaded now or before; lives as long as this object. "unsupported dictionary
    // type: mysql (install posthouse-mysql)" when it is not there.
    base::Result<Module*> load(const std::string& type);

    // The file whose coming means that the type has been installed.
    std::string file_of(std::string_view type) const;

    void tidy(); // See Module::tidy().

    // What was wrong with the lines that have been read so far.
    const Warnings& warnings() const { return warnings_; }

private:
    struct Row {
        std::string path;
        std::string function;
    };
    void read_rows();
    void read_file(const std::string& path);
    void read_line(const std::string& line, const std::string& place);

    Places places_;
    Warnings warnings_;
    bool read_ = false;
    std::map<std::string, Row, std::less<>> rows_;
    std::map<std::string, std::unique_ptr<Module>, std::less<>> loaded_;
};

// Whether nobody but root and who runs us can change `path`; the error says who else can.
base::Result<void> check_trusted(const std::string& path);

} // namespace table
