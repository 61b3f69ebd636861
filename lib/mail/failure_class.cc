// SPDX-License-Identifier: Apache-2.0
// Names of failure classes; see failure_class.h.
#include "lib/mail/failure_class.h"

#include <array>

#include "lib/base/strings.h"

namespace mail {

namespace {

constexpr std::array<std::string_view, failure_class_count> names = {
    "none",    "bad-address", "mailbox-full", "blocked", "policy",     "content",
    "network", "dns",         "tls",          "loop",    "auto-reply", "unknown",
};

constexpr std::array<std::string_view, failure_class_count> advice = {
    "",
    "Correct the address, or take it off your lists.",
    "The recipient must make room; wait, or reach them another way.",
    "Look this host's address and domain up in DNS lists, and see why it was listed; ask the "
    "other side for delisting.",
    "Read the reply: SPF, DKIM, DMARC, reverse DNS, the sender address or the sending rate break "
    "a rule there.",
    "Look at the message: size, attachments, links and form.",
    "See whether the host can be reached from here (port 25, routes, firewall); nothing more to "
    "do when it is down.",
    "Check the domain's spelling and its MX and A records, and the resolver of this host.",
    "Compare the TLS policy for this destination with what the other side offers; look at "
    "certificates and their dates.",
    "Find out which forwarding or alias sends the message back, and break the circle.",
    "Nothing: a machine answered.",
    "Read the reply; failure_class_maps can say what it means.",
};

constexpr std::string_view hard_word = "(hard)";
constexpr std::string_view soft_word = "(soft)";

} // namespace

std::string_view failure_class_name(FailureClass kind)
{
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : names.back();
}

std::optional<FailureClass> failure_class_of(std::string_view name)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (base::iequals(names[i], name))
            return static_cast<FailureClass>(i);
    return std::nullopt;
}

std::span<const std::string_view> failure_class_names()
{
    return std::span(names).subspan(1);
}

std::string failure_text(Failure failure)
{
    if (failure.kind == FailureClass::None)
        return {};
    return base::cat(failure_class_name(failure.kind), " ", failure.hard ? hard_word : soft_word);
}

std::optional<Failure> parse_failure(std::string_view text)
{
    std::string_view name = base::cut(text = base::trim(text), ' ');
    const auto kind = failure_class_of(name);
    const std::string_view word = base::trim(text);
    const bool hard = base::iequals(word, hard_word) || base::iequals(word, "hard");
    const bool soft = word.empty() || base::iequals(word, soft_word) || base::iequals(word, "soft");
    if (!kind || (!hard && !soft))
        return std::nullopt;
    return Failure{*kind, hard};
}

std::string_view failure_advice(FailureClass kind)
{
    const auto index = static_cast<std::size_t>(kind);
    return index < advice.size() ? advice[index] : advice.back();
}

} // namespace mail
