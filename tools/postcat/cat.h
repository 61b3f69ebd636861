// SPDX-License-Identifier: Apache-2.0
// One queue file in readable form. Postfix's section titles and record names; the journal, which
// Postfix keeps in other files, is shown among what was extracted.
#pragma once

#include "lib/queue/reader.h"
#include "tools/postcat/output.h"

namespace postcat {

// An error: the file could not be read to its end. What was read is in `output`.
base::Result<void> cat(queue::MessageReader& reader, const Options& options, Output& output);

} // namespace postcat
