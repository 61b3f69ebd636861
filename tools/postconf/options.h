// SPDX-License-Identifier: Apache-2.0
// The command line of postconf.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace postconf {

enum class Action : unsigned char {
    Parameters,    // Show main.cf or defaults.
    EditMain,      // -e, -X, -# and name=value.
    Services,      // -M
    Fields,        // -F
    Overrides,     // -P
    TableTypes,    // -m
    LockTypes,     // -l
    ServerLogins,  // -a
    ClientLogins,  // -A
    TlsProperty,   // -T
    NoticeTexts,   // -b: with values for names.
    Templates,     // -t
    Check,         // --check
    Manual,        // --man
    ManualSection, // --man=PROGRAM
};

struct Options {
    Action action = Action::Parameters;
    std::string directory;
    bool defaults = false;                                      // -d
    bool explicit_only = false;                                 // -n
    bool edit = false;                                          // -e, or implied by name=value
    bool comment_out = false;                                   // -#
    bool remove = false;                                        // -X
    bool fold = false;                                          // -f
    bool hide_names = false;                                    // -h
    bool hide_values = false;                                   // -H
    bool expand = false;                                        // -x
    std::string classes = "all";                                // -C
    std::string program;                                        // --man=PROGRAM
    std::vector<std::pair<std::string, std::string>> overrides; // -o
    std::vector<std::string> arguments;

    bool changes() const { return edit || comment_out || remove; }
};

// A permanent error is the text of a fatal line. `environment_directory` is $MAIL_CONFIG or null.
base::Result<Options> read_options(int argc, char** argv, const char* environment_directory);

} // namespace postconf
