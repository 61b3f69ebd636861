// SPDX-License-Identifier: Apache-2.0
// What codes tell of a failure: enhanced codes (RFC 3463, the IANA registry, and what Exchange
// Online adds to it), SMTP codes, exit statuses, and the command that was refused. They are weak
// beside words, because many servers put one code on everything; those that mean one thing only
// weigh more.
#include "lib/mail/failure_rules.h"

#include <limits>

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr std::uint16_t any = std::numeric_limits<std::uint16_t>::max();

constexpr DetailRule detail_rules[] = {
    {1, 0, 0, BadAddress, true, 3},
    {1, 1, 1, BadAddress, true, 6},
    {1, 2, 2, Dns, true, 6},
    {1, 3, 3, BadAddress, true, 6},
    {1, 4, 4, BadAddress, false, 5},
    {1, 6, 6, BadAddress, true, 7},
    {1, 7, 8, Policy, false, 12},
    {1, 10, 10, Dns, true, 6}, // RFC 7505 5
    {1, 20, 20, Content, false, 7},
    {1, 90, 90, Policy, false, 7},
    {1, 351, 351, BadAddress, true, 5},
    {2, 0, 0, BadAddress, false, 2},
    {2, 1, 1, BadAddress, false, 4},
    {2, 2, 2, MailboxFull, false, 7},
    {2, 3, 3, Content, false, 6},
    {2, 4, 4, BadAddress, false, 3},
    {2, 121, 122, Policy, false, 8},
    {3, 1, 1, MailboxFull, false, 6},
    {3, 2, 2, Network, false, 2},
    {3, 3, 3, Unknown, false, 2},
    {3, 4, 4, Content, false, 8},
    {3, 5, 5, Unknown, false, 3},
    {4, 0, 0, Network, false, 3},
    {4, 1, 1, Network, false, 5},
    {4, 2, 2, Network, false, 6},
    {4, 3, 4, Dns, false, 5},
    {4, 5, 5, Network, false, 3},
    {4, 6, 6, Loop, false, 8},
    {4, 7, 7, Network, false, 4},
    {4, 8, 8, Loop, false, 6},
    {4, 14, 14, Loop, false, 8},
    {4, 300, 309, Network, false, 4},
    {4, 310, 315, Dns, false, 6},
    {4, 316, 316, Network, false, 6},
    {4, 317, 319, Tls, false, 4},
    {5, 0, 2, Unknown, false, 2},
    {5, 3, 3, Policy, false, 6},
    {5, 4, 6, Unknown, false, 3},
    {6, 0, 0, Content, false, 4},
    {6, 1, any, Content, false, 6},
    {7, 0, 3, Policy, false, 3},
    {7, 4, 5, Tls, false, 4},
    {7, 7, 7, Policy, false, 3},
    {7, 8, 8, Policy, false, 7},
    {7, 9, 9, Policy, false, 13}, // Of some providers, for every rule of theirs.
    {7, 10, 11, Tls, false, 8},   // RFC 5248
    {7, 13, 14, Policy, false, 4},
    {7, 17, 18, BadAddress, true, 8}, // RFC 7293
    {7, 20, 24, Policy, false, 9},    // RFC 7372
    {7, 25, 25, Blocked, false, 9},
    {7, 26, 29, Policy, false, 9},
    {7, 30, 30, Tls, false, 9}, // RFC 8689
    {7, 50, 64, Policy, false, 4},
    {7, 100, 199, Policy, false, 6}, // Exchange Online from here on.
    {7, 321, 325, Tls, false, 9},
    {7, 500, 500, Policy, false, 18}, // "Server busy": too much from here.
    {7, 501, 503, Blocked, false, 7},
    {7, 504, 505, BadAddress, false, 4},
    {7, 506, 506, Blocked, false, 7},
    {7, 507, 507, Policy, false, 8},
    {7, 508, 508, Blocked, false, 5},
    {7, 509, 509, Policy, false, 8},
    {7, 510, 511, Blocked, false, 7},
    {7, 512, 512, Content, false, 7},
    {7, 513, 514, Blocked, false, 7},
    {7, 515, 519, Policy, false, 8},
    {7, 520, 520, Content, false, 8},
    {7, 600, 649, Blocked, false, 8},
    {7, 700, 799, Blocked, false, 7},
    {7, 800, 999, Blocked, false, 5},
};

constexpr CodeRule code_rules[] = {
    {421, Network, false, 1},    {421, Unknown, false, 2},     {450, Unknown, false, 2},
    {451, Unknown, false, 3},    {554, Policy, false, 2},      {452, MailboxFull, false, 1},
    {500, Unknown, false, 3},    {501, Unknown, false, 3},     {502, Unknown, false, 4},
    {503, Unknown, false, 4},    {504, Unknown, false, 4},     {511, BadAddress, true, 3},
    {521, Dns, true, 11},        {522, MailboxFull, false, 4}, {523, Content, false, 4},
    {530, Policy, false, 3},     {534, Policy, false, 3},      {535, Policy, false, 4},
    {538, Tls, false, 4},        {541, Content, false, 3},     {542, BadAddress, true, 7},
    {550, BadAddress, false, 2}, {551, BadAddress, false, 3},  {552, MailboxFull, false, 2},
    {553, BadAddress, false, 2}, {556, Dns, true, 6},          {571, Policy, false, 3},
    {572, Policy, false, 2},     {573, Policy, false, 2},
};

// Of <sysexits.h>.
constexpr CodeRule exit_rules[] = {
    {67, BadAddress, true, 8}, // EX_NOUSER
    {68, Dns, true, 8},        // EX_NOHOST
};

constexpr StageRule stage_rules[] = {
    {FailureReading::Stage::Hello, Blocked, 2},
    {FailureReading::Stage::Mail, Policy, 2},
    {FailureReading::Stage::Rcpt, BadAddress, 2},
    {FailureReading::Stage::Data, Content, 2},
};

} // namespace

std::span<const DetailRule> details()
{
    return detail_rules;
}

std::span<const CodeRule> codes()
{
    return code_rules;
}

std::span<const CodeRule> exit_statuses()
{
    return exit_rules;
}

std::span<const StageRule> stages()
{
    return stage_rules;
}

} // namespace mail::failure_rules
