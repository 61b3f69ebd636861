// SPDX-License-Identifier: Apache-2.0
// What sendmail(1) does: it submits a message itself, and for everything else becomes the command
// that does it.
#pragma once

#include "submit/sendmail/submission.h"

namespace sendmail {

// The exit status; does not return when another command goes on.
int run(const Context& context);

} // namespace sendmail
