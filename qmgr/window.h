// SPDX-License-Identifier: Apache-2.0
// The concurrency window of one destination: how many deliveries may run side by side, and how
// successes and failures move that number (the *_concurrency_*_feedback parameters).
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace qmgr {

// How much one delivery moves the window: "number", "number/number", "number/concurrency" or
// "number/sqrt_concurrency". The value lies in 0..1.
struct Feedback {
    enum class Form : unsigned char { Constant, PerConcurrency, PerSqrtConcurrency };

    double number = 1;
    Form form = Form::Constant;

    static base::Result<Feedback> parse(std::string_view text);

    double at(int window) const;

    bool operator==(const Feedback&) const = default;
};

// Growth comes at the end of a row of 1/feedback successes, shrinking at the beginning of a row of
// 1/feedback failures, and a change in one direction restarts the count in the other: that is the
// hysteresis which keeps the window from fluttering. It never shrinks below one; what stops
// delivery altogether is the count of failed pseudo-cohorts (window-sized groups of deliveries).
class Window {
public:
    Window() = default;
    explicit Window(int initial) : size_(initial < 1 ? 1 : initial) {}

    int size() const { return size_; }
    double failed_cohorts() const { return failed_cohorts_; }

    // `limit` 0: none.
    void succeeded(const Feedback& positive, int limit);

    // One delivery out of a group of `cohort` failed to reach the destination.
    void failed(const Feedback& negative, int cohort);

    // True when `limit` cohorts have failed in a row; never for limit 0.
    bool exhausted(int limit) const;

private:
    int size_ = 1;
    double gained_ = 0;         // Of the step up.
    double lost_left_ = 0;      // Of the step down that was taken.
    double failed_cohorts_ = 0; // Since the last success.
};

} // namespace qmgr
