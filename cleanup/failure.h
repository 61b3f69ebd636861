// SPDX-License-Identifier: Apache-2.0
// Why a message is not taken: the answers that cleanup gives, with the codes and words of Postfix.
#pragma once

#include <optional>
#include <utility>

#include "lib/ipc/messages/cleanup.h"

namespace cleanup {

using ipc::cleanup::Finished;
using ipc::cleanup::Verdict;

namespace failure {
inline const Finished too_big{Verdict::Permanent, 552, "5.3.4", "Error: message file too big"};
inline const Finished too_many_hops{Verdict::Permanent, 554, "5.4.0", "Error: too many hops"};
inline const Finished no_recipients{Verdict::Permanent, 550, "5.1.0",
                                    "Error: no recipients specified"};
inline const Finished write_error{Verdict::Temporary, 451, "4.3.0",
                                  "Error: queue file write error"};
inline const Finished alias_error{Verdict::Temporary, 451, "4.6.0", "Alias expansion error"};
inline const Finished bad_character{Verdict::Permanent, 550, "5.7.1", "disallowed character"};
inline const Finished content_rejected{Verdict::Permanent, 550, "5.7.1",
                                       "message content rejected"};
inline const Finished nested_too_deep{Verdict::Permanent, 550, "5.6.0",
                                      "MIME nesting exceeds safety limit"};
inline const Finished bad_verp{Verdict::Permanent, 554, "5.5.4", "Error: bad VERP request"};
inline const Finished too_many_recipients{Verdict::Temporary, 452, "4.5.3",
                                          "Error: too many recipients"};
} // namespace failure

// The first failure of a message counts; what comes after it is read and dropped.
class Failure {
public:
    void set(const Finished& why)
    {
        if (!first_)
            first_ = why;
    }
    explicit operator bool() const { return first_.has_value(); }
    const Finished& operator*() const { return *first_; }

private:
    std::optional<Finished> first_;
};

} // namespace cleanup
