// SPDX-License-Identifier: Apache-2.0
// Message content read from the descriptor of a request.
#pragma once

#include <memory>
#include <optional>
#include <sys/types.h>

#include "lib/ipc/messages/delivery.h"
#include "lib/smtp/client_content.h"
#include "lib/smtp/client_transport.h"

namespace delivery {

class FileContent final : public smtp::ContentSource {
public:
    // Reads `size` bytes from `offset` of `fd`, which stays open and is not owned. A file that ends
    // early is an error.
    FileContent(int fd, std::uint64_t offset, std::uint64_t size)
        : fd_(fd), offset_(offset), left_(size)
    {
    }

    base::Task<base::Result<smtp::ContentChunk>> next() override;
    std::optional<smtp::FileRegion> region() const override
    {
        return smtp::FileRegion{fd_, offset_, left_};
    }

private:
    int fd_;
    std::uint64_t offset_;
    std::uint64_t left_;
    std::unique_ptr<char[]> buffer_;
};

// What cleanup noted, in the words of the engine.
smtp::ContentFacts content_facts(const ipc::delivery::ContentFacts& noted);

} // namespace delivery
