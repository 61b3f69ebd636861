// SPDX-License-Identifier: Apache-2.0
// The command's words in master.cf with macros for the message and its recipients: ${sender},
// $recipient, $(nexthop), $$. What a macro stands for is never looked at again: it is text,
// whatever it holds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/ipc/messages/delivery.h"

namespace pipe_mail {

// How addresses are shown: the flags q, h, u and the settings that take an address apart.
struct AddressStyle {
    bool quote = false;       // q: local parts in quotation marks where RFC 5322 wants them.
    bool fold_domain = false; // h
    bool fold_local = false;  // u
    std::string null_sender;  // Stands for the empty sender.
    std::string delimiters;   // recipient_delimiter
};

// What the macros of one delivery stand for.
struct Values {
    const ipc::delivery::Deliver& request;
    const AddressStyle& style;
};

// One word, taken apart.
class Argument {
public:
    // A permanent error: a macro that is unknown or not complete.
    static base::Result<Argument> parse(std::string_view text);

    // Whether it has a macro that differs between recipients; such a word comes once for each.
    bool per_recipient() const { return per_recipient_; }

    // The word for a recipient, which counts only for those macros.
    std::string expand(const Values& values, const mail::Recipient& recipient) const;

    // Whether what strangers chose makes up the first byte of this word.
    bool begins_with_macro() const { return !parts_.empty() && parts_.front().value != nullptr; }

private:
    using Value = std::string (*)(const Values& values, const mail::Recipient& recipient);
    struct Part {
        std::string text;
        Value value = nullptr; // Null: `text`.
    };
    struct Macro;
    static const Macro* find(std::string_view name);
    void add_text(std::string_view text);

    std::vector<Part> parts_;
    bool per_recipient_ = false;
};

} // namespace pipe_mail
