// SPDX-License-Identifier: Apache-2.0
// Whatever a server replies, it gets a class, the same one each time, and its text form reads back.
#include <cstdint>
#include <string_view>

#include "lib/mail/failure_classifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const mail::FailureClassifier classifier;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string_view dsn = input.substr(0, input.find(' '));
    const mail::Failure got = classifier.classify(dsn, input);
    if (got.kind == mail::FailureClass::None || got != classifier.classify(dsn, input) ||
        mail::parse_failure(mail::failure_text(got)) != got)
        __builtin_trap();
    mail::parse_failure(input);
    return 0;
}
