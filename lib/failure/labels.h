// SPDX-License-Identifier: Apache-2.0
// Says of which class a failed attempt is: first the administrator's tables (failure_class_maps),
// then the general rules of mail::FailureClassifier.
#pragma once

#include <string>

#include "lib/base/task.h"
#include "lib/mail/failure_classifier.h"
#include "lib/table/maps.h"

namespace failure {

class Labels {
public:
    explicit Labels(table::Maps maps) : maps_(std::move(maps)) {}

    enum class By : std::uint8_t { Nobody, Tables, Rules };

    // Fills in `outcome.failure` where it is a failure that has no class yet, and says who decided.
    // `outcome` outlives the task. A table that cannot be asked, or gives a word that is no class,
    // is logged, and the rules decide.
    base::Task<By> label(mail::Outcome& outcome);
    // By the rules alone, at once.
    void label_by_rules(mail::Outcome& outcome);

private:
    base::Task<bool> label_by_maps(mail::Outcome& outcome);
    bool take_value(const std::string& value, const std::string& key, mail::Outcome& outcome) const;

    table::Maps maps_;
    mail::FailureClassifier rules_;
    // The latest that was decided: what befalls a destination befalls many recipients.
    mail::Outcome latest_;
};

// What the tables are asked: "550 5.1.1 text", with "-" where no server replied. Then, in tables of
// exact keys, "550-5.1.1", "5.1.1" and "550".
std::string table_key(const mail::Outcome& outcome);

} // namespace failure
