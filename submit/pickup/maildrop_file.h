// SPDX-License-Identifier: Apache-2.0
// A file in maildrop, looked at as what it is: an object in a folder into which a set-gid command
// writes for everybody on this host. Who submitted it is told by the file's owner, never by what
// stands in it. mail_owner's own files are believed: no one else can make one.
#pragma once

#include <optional>

#include "lib/queue/directories.h"
#include "lib/queue/reader.h"
#include "lib/submit/stream.h"

namespace pickup {

struct MaildropFile {
    uid_t owner = 0; // Who submitted it.
    queue::MessageReader reader;
    std::string full_name;
    submit::Report report = submit::Report::None;
    bool gateway = false;
    std::string verp; // Delimiters; whether they are good ones is cleanup's to say.
    // postsuper -r put a file of the queue here: what became of its recipients until then.
    std::optional<queue::JournalState> requeued;
};

// What to do about a file that is not taken.
enum class Refusal : std::uint8_t {
    NotYet,  // It is not complete: wait, without a word.
    Later,   // The system failed: try again.
    Foreign, // It is nothing of ours: report, and never touch it.
    Broken,  // It is a file of ours that cannot be understood: put it away.
};

struct Refused {
    Refusal what = Refusal::Later;
    std::string text;
};

struct Opened {
    std::optional<MaildropFile> file;
    Refused refused; // Without a file.
};

// Opens maildrop/`name`, as mail_owner, without following or waiting for anything.
Opened open_maildrop_file(queue::Disk& disk, const std::string& name);

} // namespace pickup
