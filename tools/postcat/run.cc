// SPDX-License-Identifier: Apache-2.0
// Files of postcat; see run.h.
#include "tools/postcat/run.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/queue/reader.h"
#include "lib/queue/spool.h"
#include "tools/postcat/cat.h"

namespace postcat {

namespace {

// Of standard input that cannot be read at any place: it is kept in memory.
constexpr std::uint64_t input_limit = std::uint64_t{1} << 30;

struct Opened {
    base::Fd file;
    std::string name;
};

base::Result<Opened> open_queue_file(queue::Directories& directories, const std::string& id)
{
    if (!mail::is_queue_id(id))
        return base::permanent(base::cat("bad mail queue ID: ", id));
    base::Fd file;
    const auto queue = directories.find(id);
    const std::string path = queue ? directories.path(*queue, id) : "";
    const int error = queue ? directories.disk().open(path, queue::Access::Read, file) : ENOENT;
    if (error)
        return base::system_error(base::cat("open queue file ", id), error);
    return Opened{std::move(file), path};
}

base::Result<Opened> open_path(const std::string& path)
{
    base::Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file)
        return base::system_error(base::cat("open ", path), errno);
    return Opened{std::move(file), path};
}

// A copy that can be read at any place.
base::Result<base::Fd> copy_input(int from)
{
    base::Fd copy{::memfd_create("postcat", MFD_CLOEXEC)};
    if (!copy)
        return base::system_error("memfd_create", errno);
    std::string room(64 * 1024, '\0');
    for (std::uint64_t size = 0; size < input_limit;) {
        const ssize_t got = ::read(from, room.data(), room.size());
        if (got == 0)
            return copy;
        if (got < 0)
            return base::system_error("read standard input", errno);
        const auto bytes = std::string_view(room).substr(0, static_cast<std::size_t>(got));
        if (auto written = base::write_all(copy.number(), bytes); !written)
            return written.error();
        size += bytes.size();
    }
    return base::permanent("standard input: too large");
}

base::Result<Opened> open_input()
{
    auto copy = copy_input(STDIN_FILENO);
    if (!copy)
        return copy.error();
    return Opened{std::move(*copy), "stdin"};
}

class Runner {
public:
    Runner(const service::Command& command, const Options& options, queue::Directories& directories)
        : command_(command), options_(options), directories_(directories),
          output_(STDOUT_FILENO, options)
    {
    }
    int run();

private:
    base::Result<void> show(base::Result<Opened> opened);

    const service::Command& command_;
    const Options& options_;
    queue::Directories& directories_;
    Output output_;
};

base::Result<void> Runner::show(base::Result<Opened> opened)
{
    if (!opened)
        return opened.error();
    output_.set_file(opened->name);
    auto reader = queue::MessageReader::open(directories_.disk(), std::move(opened->file),
                                             queue::MessageReader::Check::Envelope);
    base::Result<void> shown;
    if (reader)
        shown = cat(*reader, options_, output_);
    if (auto written = output_.flush(); !written)
        return written.error();
    if (!reader)
        command_.log().warning(opened->name, ": input is not a valid queue file (",
                               reader.error().text, ")");
    if (!shown)
        command_.log().warning(opened->name, ": ", shown.error().text);
    return {};
}

int Runner::run()
{
    base::Result<void> shown;
    if (options_.files.empty())
        shown = show(open_input());
    for (std::size_t i = 0; i < options_.files.size() && shown; ++i) {
        const std::string& file = options_.files[i];
        shown = show(options_.search ? open_queue_file(directories_, file) : open_path(file));
    }
    if (!shown)
        return command_.fail(service::ExitStatus::Failure, shown.error().text);
    return static_cast<int>(service::ExitStatus::Ok);
}

} // namespace

int run(const service::Command& command, const config::QueueParams& params, const Options& options)
{
    const std::string& directory = command.common().queue_directory();
    auto spool = queue::Spool::open(options.search ? directory : "/", params);
    if (!spool)
        return command.fail(service::ExitStatus::Failure, spool.error().text);
    return Runner(command, options, spool->directories).run();
}

} // namespace postcat
