// SPDX-License-Identifier: Apache-2.0
// Feedback rules and the concurrency window.
#include "qmgr/window.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace qmgr {

namespace {

constexpr std::size_t max_decimals = 9;
constexpr double rounding = 1e-6; // Sums of 1/n miss 1 by less than this.

// A number without sign, such as "1", "0.25" or ".5".
std::optional<double> decimal(std::string_view text)
{
    std::string_view rest = base::trim(text);
    const bool has_point = rest.find('.') != rest.npos;
    const std::string_view whole = base::cut(rest, '.');
    if ((whole.empty() && rest.empty()) || rest.size() > max_decimals)
        return std::nullopt;
    const auto units = whole.empty() ? 0u : base::parse_int<unsigned>(whole);
    const auto parts = rest.empty() ? 0u : base::parse_int<unsigned>(rest);
    if (!units || !parts || (has_point && rest.empty()))
        return std::nullopt;
    return *units + *parts / std::pow(10.0, static_cast<double>(rest.size()));
}

} // namespace

base::Result<Feedback> Feedback::parse(std::string_view text)
{
    std::string_view rest = text;
    const auto number = decimal(base::cut(rest, '/'));
    const std::string_view below = base::trim(rest);
    const bool divided = text.find('/') != text.npos;
    const auto error = base::permanent(base::cat("bad concurrency feedback: \"", text, "\""));
    if (!number || (divided && below.empty()))
        return error;
    Feedback made{*number, Form::Constant};
    if (base::iequals(below, "concurrency")) {
        made.form = Form::PerConcurrency;
    } else if (base::iequals(below, "sqrt_concurrency")) {
        made.form = Form::PerSqrtConcurrency;
    } else if (divided) {
        const auto divisor = decimal(below);
        if (!divisor || *divisor == 0)
            return error;
        made.number = *number / *divisor;
    }
    if (made.number > 1)
        return error;
    return made;
}

double Feedback::at(int window) const
{
    switch (form) {
    case Form::Constant: return number;
    case Form::PerConcurrency: return number / window;
    case Form::PerSqrtConcurrency: return number / std::sqrt(static_cast<double>(window));
    }
    return number;
}

void Window::succeeded(const Feedback& positive, int limit)
{
    failed_cohorts_ = 0;
    if (limit > 0 && size_ >= limit)
        return;
    const double step = positive.at(size_);
    gained_ += step;
    if (gained_ + step / 2 < 1)
        return;
    ++size_;
    gained_ -= 1;
    lost_left_ = 0;
}

void Window::failed(const Feedback& negative, int cohort)
{
    failed_cohorts_ += 1.0 / std::max(cohort, 1);
    const double step = negative.at(size_);
    if (lost_left_ < step / 2) {
        size_ = std::max(size_ - 1, 1);
        gained_ = 0;
        lost_left_ += 1;
    }
    lost_left_ -= step;
}

bool Window::exhausted(int limit) const
{
    return limit > 0 && failed_cohorts_ + rounding >= limit;
}

} // namespace qmgr
