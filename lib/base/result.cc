// SPDX-License-Identifier: Apache-2.0
// Construction of errors; see result.h.
#include "lib/base/result.h"

#include <cstring>

#include "lib/base/strings.h"

namespace base {

Error Error::in(std::string_view context) const
{
    return Error{kind, cat(context, ": ", text)};
}

Error temporary(std::string text)
{
    return Error{Error::Kind::Temporary, std::move(text)};
}

Error permanent(std::string text)
{
    return Error{Error::Kind::Permanent, std::move(text)};
}

Error system_error(std::string_view what, int code)
{
    return temporary(cat(what, ": ", std::strerror(code)));
}

} // namespace base
