// SPDX-License-Identifier: Apache-2.0
// The template of smtpd_reject_footer, and what its names stand for.
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "lib/smtp/reject_footer.h"

namespace smtpd {

class RejectFooter final : public smtp::RejectFooter {
public:
    // `clock` outlives it. What is wrong with the template is told in the log, once: a name that
    // nobody knows stands for nothing, and a template that cannot be read for no footer.
    RejectFooter(std::string text, std::string server_name, const base::Clock& clock);

    // Itself, or nullptr where there is no footer.
    const smtp::RejectFooter* get() const { return template_.empty() ? nullptr : this; }
    std::string text(const mail::Client& client) const override;

private:
    std::string template_;
    std::string server_name_;
    const base::Clock& clock_;
};

} // namespace smtpd
