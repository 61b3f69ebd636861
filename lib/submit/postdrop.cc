// SPDX-License-Identifier: Apache-2.0
// Handing a message to postdrop; see postdrop.h.
#include "lib/submit/postdrop.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace submit {

using service::ExitStatus;

namespace {

constexpr std::size_t flush_size = 64 * 1024;
constexpr std::size_t answer_limit = 4096;

constexpr ExitStatus known_statuses[] = {
    ExitStatus::Ok,       ExitStatus::Usage,      ExitStatus::Data,     ExitStatus::Unavailable,
    ExitStatus::Software, ExitStatus::WriteError, ExitStatus::TempFail, ExitStatus::NoPermission,
};

std::optional<ExitStatus> status_of(int number)
{
    const auto* found = std::find_if(std::begin(known_statuses), std::end(known_statuses),
                                     [&](auto known) { return static_cast<int>(known) == number; });
    if (found == std::end(known_statuses))
        return std::nullopt;
    return *found;
}

} // namespace

std::string encode_answer(const Handed& handed)
{
    return base::cat(static_cast<int>(handed.status), " ", base::printable(handed.text, true),
                     "\n");
}

std::optional<Handed> decode_answer(std::string_view line)
{
    if (!line.ends_with('\n'))
        return std::nullopt;
    line.remove_suffix(1);
    const auto number = base::parse_int<int>(base::cut(line, ' '));
    const auto status = number ? status_of(*number) : std::nullopt;
    if (!status || line.find('\n') != std::string_view::npos)
        return std::nullopt;
    return Handed{*status, base::printable(line, true)};
}

base::Result<Postdrop> Postdrop::start(const std::string& command_directory)
{
    std::string path = command_directory + "/postdrop";
    auto program = service::FedProgram::start(path, {path, "-r"});
    if (!program)
        return program.error().in(base::cat("unable to execute ", path, " -r"));
    return Postdrop{std::move(*program), std::move(path)};
}

bool Postdrop::flush()
{
    if (alive_)
        alive_ = program_.write(buffer_).ok();
    buffer_.clear();
    return alive_;
}

base::Result<std::string> Postdrop::begin(const Head& head)
{
    append_head(buffer_, head);
    flush();
    const std::string line = program_.read_line(answer_limit);
    auto answer = decode_answer(line);
    if (answer && answer->ok())
        return std::move(answer->text);
    early_ = line;
    return base::temporary("not begun");
}

void Postdrop::recipient(const mail::Recipient& recipient)
{
    ++recipients_;
    append_recipient(buffer_, recipient);
    if (buffer_.size() >= flush_size)
        flush();
}

bool Postdrop::content(std::string_view bytes)
{
    content_ += bytes.size();
    append_content(buffer_, bytes);
    return buffer_.size() < flush_size ? alive_ : flush();
}

// postdrop tells its status twice: in its answer, and when it ends.
Handed Postdrop::finish()
{
    append_end(buffer_, recipients_, content_);
    flush();
    const auto ending = program_.finish(answer_limit);
    auto answer = decode_answer(early_ + ending.output);
    if (answer && static_cast<int>(answer->status) == ending.status)
        return std::move(*answer);
    base::Log{}.warning("command \"", path_, " -r\" exited with status ", ending.status);
    return {ExitStatus::TempFail, base::cat("unable to execute ", path_, " -r")};
}

} // namespace submit
