// SPDX-License-Identifier: Apache-2.0
// A request to a service: to the queue manager in its own protocol, to all others as bytes.
#pragma once

#include "lib/config/params/postqueue.h"
#include "lib/service/command.h"

namespace postkick {

struct Options {
    std::string service_class; // public or private
    std::string service;
    std::string request;
    std::string config_directory;
    bool verbose = false;
};

// Errors are about usage.
base::Result<Options> parse_options(int argc, char** argv);

// What the letters of a request ask of the queue manager: D deferred mail that is due, I incoming
// mail, A and F everything that is deferred, W the regular work. Others mean nothing.
enum class Wish : unsigned char { Nothing, Wake, FlushAll };
Wish wish_of(std::string_view request);

// The exit status.
int run(const service::Command& command, const config::PostqueueParams& params,
        const Options& options);

} // namespace postkick
