// SPDX-License-Identifier: Apache-2.0
// Options of qshape; see options.h.
#include "tools/qshape/options.h"

#include <unistd.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace qshape {

namespace {

constexpr std::string_view usage =
    "usage: qshape [-s] [-p] [-m min_subdomains] [-l] [-b bucket_count] [-t bucket_time] "
    "[-w terminal_width] [-N batch_msg_count] [-n batch_top_domains] [-c config_dir] [queue ...]";

constexpr unsigned most_buckets = 40;
constexpr unsigned most_minutes = 1'000'000;
constexpr unsigned least_width = 80, most_width = 10'000;
// On a terminal, where nothing else is said.
constexpr unsigned usual_batch = 1000, usual_domains = 20;

bool take_number(unsigned& number, unsigned least, unsigned most)
{
    const auto value = base::parse_int<unsigned>(optarg);
    if (!value)
        return false;
    if (*value >= least) // Smaller values leave the default, as they always have.
        number = std::min(*value, most);
    return true;
}

bool take(Options& options, int letter)
{
    Layout& layout = options.layout;
    switch (letter) {
    case 's': options.senders = true; return true;
    case 'p': layout.parents = true; return true;
    case 'l': layout.linear = true; return true;
    case 'c': options.config_directory = optarg; return true;
    case 'm': return take_number(layout.least_subdomains, 1, UINT32_MAX);
    case 'b': return take_number(layout.buckets, 1, most_buckets);
    case 't': return take_number(layout.minutes, 1, most_minutes);
    case 'w': return take_number(layout.width, least_width, most_width);
    case 'N': return take_number(options.batch, 0, UINT32_MAX);
    case 'n': return take_number(layout.most_domains, 0, UINT32_MAX);
    }
    return false;
}

} // namespace

base::Result<Options> parse_options(int argc, char** argv, bool terminal)
{
    Options options;
    if (terminal) {
        options.batch = usual_batch;
        options.layout.most_domains = usual_domains;
    }
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt(argc, argv, "+lhc:psw:b:t:m:n:N:")) != -1;)
        if (!take(options, letter))
            return base::permanent(std::string(usage));
    if (!terminal) { // Batches are for people.
        options.batch = 0;
        options.layout.most_domains = 0;
    }
    if (optind < argc)
        options.queues.assign(argv + optind, argv + argc);
    return options;
}

} // namespace qshape
