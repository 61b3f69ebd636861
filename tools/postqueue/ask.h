// SPDX-License-Identifier: Apache-2.0
// Whom postqueue asks: the queue manager, or, for root when that does not run, the files.
#pragma once

#include <memory>
#include <optional>

#include "lib/queue/spool.h"
#include "lib/search/asking.h"
#include "tools/postqueue/run.h"

namespace postqueue {

class Answerer {
public:
    explicit Answerer(const Context& context);

    // An error: nobody answers. The set-gid group is given back in either case.
    base::Result<void> open(const Context& context);
    search::Asking& asking() { return *asking_; }

private:
    events::Loop loop_;
    std::optional<queue::Spool> spool_;
    std::unique_ptr<search::QmgrAsking> qmgr_;
    std::unique_ptr<search::FileAsking> files_;
    search::Asking* asking_ = nullptr;
};

// Output in large pieces, with an eye on whether it gets out.
class Output {
public:
    std::string& text() { return text_; }
    void more(); // Writes when much has come together.
    void flush();
    const base::Result<void>& written() const { return written_; }

private:
    std::string text_;
    base::Result<void> written_;
};

} // namespace postqueue
