// SPDX-License-Identifier: Apache-2.0
// Templates of database tables: what is asked (a query, a filter), and what is made of each value
// that comes back. %s is the whole key (or value), %u its local part, %d its domain, %1 to %9 the
// labels of the domain from the right, %% a percent sign; in a result, the upper-case letters and
// the digits speak of the key. A key, or a value, without the parts that a template wants does not
// fit it.
//
// Keys come from strangers: each part that goes into a query is quoted by the caller's function,
// as the database wants it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/table/module.h"

namespace table {

// An address in its parts. The last @ separates them.
struct AddressParts {
    explicit AddressParts(std::string_view text);

    std::string_view whole;
    bool has_domain = false;                   // There is an @, whatever follows it.
    std::string_view local;                    // All of it when there is no @.
    std::string_view domain;                   // Empty when there is none.
    std::vector<std::string_view> labels = {}; // Of the domain, from the right; none is empty.
};

class KeyTemplate {
public:
    // A percent sign with anything else behind it is an error.
    static base::Result<KeyTemplate> parse(std::string_view text);

    // Whether the key has what a query made of this template needs.
    bool fits_key(const AddressParts& key) const { return fits(key, wants_of_key_); }

    // Appends the query for `key`. False: the key does not fit, or quoting failed.
    bool expand_query(const AddressParts& key, const Quote& quote, std::string& out) const;

    // The same template as the format of a result: what it wants of the key, and of the value.
    bool fits_result_key(const AddressParts& key) const { return fits(key, wants_of_result_key_); }
    bool expand_result(const AddressParts& value, const AddressParts& key, std::string& out) const;

private:
    struct Wants {
        bool local = false;
        bool domain = false;
        std::size_t labels = 0;
    };
    struct Piece {
        std::string text; // Stands before `part`.
        char part = '\0'; // Letter or digit; none at the end of the template.
    };
    static bool fits(const AddressParts& text, const Wants& wants);
    void note(char part);

    std::vector<Piece> pieces_;
    Wants wants_of_key_;        // As a query.
    Wants wants_of_result_key_; // As a result format, of the key
    Wants wants_of_value_;      // and of the value.
};

} // namespace table
