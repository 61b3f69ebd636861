// SPDX-License-Identifier: Apache-2.0
// Plays one .smtp file against a session in this process: `run_dialogue FILE`, or against a live
// server on a loopback port: `run_dialogue FILE PORT`. Exit status 0 when every step came as
// written, 1 with the line and what came instead, 2 when the file cannot be read.
#include <cstdio>
#include <memory>
#include <regex>

#include "lib/base/file.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "tests/dialogue/engine_peer.h"
#include "tests/dialogue/script.h"
#include "tests/dialogue/socket_peer.h"

namespace dialogue {

namespace {

using base::Result;

Result<void> expect_line(Peer& peer, const ScriptStep& step)
{
    Result<std::string> line = peer.read_line();
    if (!line)
        return line.error();
    bool good = step.kind == Kind::ReplyRegex ? std::regex_search(*line, std::regex(step.text))
                                              : line->starts_with(step.text);
    return good ? Result<void>{} : base::permanent(base::cat("got: ", *line));
}

Result<void> expect_last(Peer& peer, const ScriptStep& step)
{
    while (true) {
        Result<std::string> line = peer.read_line();
        if (!line)
            return line.error();
        if (line->size() > 3 && (*line)[3] == '-')
            continue;
        return line->starts_with(step.text) ? Result<void>{}
                                            : base::permanent(base::cat("got: ", *line));
    }
}

Result<void> play_step(Peer& peer, const ScriptStep& step)
{
    switch (step.kind) {
    case Kind::Config: return peer.configure(step.text);
    case Kind::Fake: return peer.fake(step.text);
    case Kind::Send: peer.send(step.text); return {};
    case Kind::ReplyPrefix:
    case Kind::ReplyRegex: return expect_line(peer, step);
    case Kind::ReplyLast: return expect_last(peer, step);
    case Kind::Wait: {
        std::string_view text = step.text;
        peer.wait(base::parse_int<long>(text.substr(0, text.find('s'))).value_or(0));
        return {};
    }
    case Kind::Close: peer.close(); return {};
    case Kind::Timeout: peer.time_out(); return {};
    case Kind::Expect: return peer.expect(step.text);
    }
    return {};
}

// Joins consecutive sends: the peer sees them as one write.
std::vector<ScriptStep> join_sends(std::vector<ScriptStep> steps)
{
    std::vector<ScriptStep> out;
    for (ScriptStep& step : steps) {
        bool joins = step.kind == Kind::Send && !out.empty() && out.back().kind == Kind::Send;
        if (joins)
            out.back().text += step.text;
        else
            out.push_back(std::move(step));
    }
    return out;
}

// What a live server makes up itself is no part of the dialogue: the id of the message.
void forget_queue_ids(std::vector<ScriptStep>& steps)
{
    constexpr std::string_view before_id = "queued as ";
    for (ScriptStep& step : steps) {
        auto at = step.kind == Kind::ReplyPrefix ? step.text.find(before_id) : std::string::npos;
        if (at != std::string::npos)
            step.text.resize(at + before_id.size());
    }
}

int play(const char* path, std::string_view text, const char* port)
{
    Result<std::vector<ScriptStep>> steps = parse_script(text);
    if (!steps) {
        std::fprintf(stderr, "%s: %s\n", path, steps.error().text.c_str());
        return 2;
    }
    std::unique_ptr<Peer> peer;
    if (port == nullptr) {
        peer = std::make_unique<EnginePeer>();
    } else {
        auto live = SocketPeer::connect(base::parse_int<std::uint16_t>(port).value_or(0));
        if (!live) {
            std::fprintf(stderr, "%s: %s\n", path, live.error().text.c_str());
            return 2;
        }
        peer = std::make_unique<SocketPeer>(std::move(*live));
        forget_queue_ids(*steps);
    }
    for (const ScriptStep& step : join_sends(std::move(*steps))) {
        Result<void> done = play_step(*peer, step);
        if (done)
            continue;
        std::fprintf(stderr, "%s:%d: %s\n  %s\n", path, step.line, step.text.c_str(),
                     done.error().text.c_str());
        return 1;
    }
    return 0;
}

} // namespace

} // namespace dialogue

int main(int argc, char** argv)
{
    if (argc != 2 && argc != 3) {
        std::fprintf(stderr, "usage: run_dialogue FILE [PORT]\n");
        return 2;
    }
    base::Result<std::string> text = base::read_file(argv[1], 1 << 20);
    if (!text) {
        std::fprintf(stderr, "%s\n", text.error().text.c_str());
        return 2;
    }
    return dialogue::play(argv[1], *text, argc == 3 ? argv[2] : nullptr);
}
