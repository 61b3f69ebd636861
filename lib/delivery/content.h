// SPDX-License-Identifier: Apache-2.0
// Message content read from the descriptor of a request.
#pragma once

#include <optional>

#include "lib/delivery/message_file.h"
#include "lib/ipc/messages/delivery.h"
#include "lib/smtp/client_content.h"
#include "lib/smtp/client_transport.h"

namespace delivery {

class FileContent final : public smtp::ContentSource {
public:
    // Reads `size` bytes from `offset` of `fd`, which stays open and is not owned. A file that ends
    // early is an error.
    FileContent(int fd, std::uint64_t offset, std::uint64_t size) : file_(fd, offset, size) {}

    base::Task<base::Result<smtp::ContentChunk>> next() override;
    std::optional<smtp::FileRegion> region() const override
    {
        return smtp::FileRegion{file_.fd(), file_.offset(), file_.left()};
    }

private:
    MessageFile file_;
};

// What cleanup noted, in the words of the engine.
smtp::ContentFacts content_facts(const ipc::delivery::ContentFacts& noted);

} // namespace delivery
