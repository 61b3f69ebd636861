// SPDX-License-Identifier: Apache-2.0
// See cleanup_fixture.h.
#include "tests/unit/cleanup/cleanup_fixture.h"

#include "lib/base/strings.h"

namespace cleanup {

CleanupTest::Site::Site(const std::string& main_cf, events::Loop& loop,
                        const queue::Directories& directories, queue::Disk& disk, News& news)
{
    config::Faults faults;
    auto main = config::MainCf::parse(base::cat("myhostname = mx.example.net\n"
                                                "mydomain = example.net\n"
                                                "compatibility_level = 3.7\n"
                                                "local_recipient_maps =\nalias_maps =\n",
                                                main_cf),
                                      "main.cf", faults);
    config::ParamSet* const sets[] = {&common, &params, &route_params, &verp};
    for (auto* set : sets)
        set->declare(main);
    for (auto* set : sets)
        set->load(main, faults);
    for (const auto& fault : faults)
        ADD_FAILURE() << fault.to_string();
    destinations = std::make_unique<route::Destinations>(
        tables,
        route::Site{route_params, common.myhostname(), common.mydomain(), common.myorigin()}, own);
    addressing = std::make_unique<Addressing>(tables, *destinations, params);
    settings = std::make_unique<Settings>(
        Settings{params, common, *addressing, !route_params.remote_header_rewrite_domain().empty(),
                 Characters{params.message_reject_characters()},
                 Characters{params.message_strip_characters()}, CheckTables{tables, params},
                 verp.delimiter_filter()});
    committer = std::make_unique<Committer>(loop, disk, 1);
    shared = std::make_unique<Shared>(Shared{*settings, directories, *committer, news});
    session = std::make_unique<Session>(*shared);
}

base::Result<ipc::cleanup::Opened> CleanupTest::open()
{
    auto opened = wait(session().on(ipc::cleanup::Open{envelope_, options_}));
    if (opened)
        id_ = opened->queue_id;
    return opened;
}

std::string CleanupTest::shown(const Finished& finished)
{
    if (finished.verdict == Verdict::Ok)
        return "ok";
    return base::cat(finished.code, " ", finished.dsn, " ", finished.text);
}

std::string CleanupTest::send(std::string_view message)
{
    auto opened = open();
    if (!opened)
        return opened.error().text;
    for (const auto& address : recipients_)
        recipient(address);
    for (; !message.empty(); message.remove_prefix(std::min<std::size_t>(message.size(), 65536)))
        content(message.substr(0, 65536));
    return shown(finish());
}

std::string CleanupTest::stored_content(queue::Queue where)
{
    auto reader = QueueTest::open(where, id_);
    if (!reader)
        return reader.error().text;
    std::string out(reader->layout().content.size, '\0');
    EXPECT_EQ(reader->read_content(0, out).value_or(0), out.size());
    return out;
}

queue::Message CleanupTest::stored_message(queue::Queue where)
{
    auto reader = QueueTest::open(where, id_);
    if (!reader) {
        ADD_FAILURE() << reader.error().text;
        return {};
    }
    return std::move(reader->whole_message()).value_or({});
}

std::string CleanupTest::stored_recipients()
{
    std::string out;
    for (const auto& one : stored_message().recipients) {
        base::append(out, out.empty() ? "" : " ", one.address);
        if (one.original != one.address)
            base::append(out, "(", one.original, ")");
    }
    return out;
}

std::string CleanupTest::stored_text(queue::Queue where)
{
    std::string all = stored_content(where);
    const auto begin = all.find("Received: ");
    if (begin == std::string::npos)
        return all;
    auto end = all.find("\r\n", begin);
    while (end != std::string::npos && all[end + 2] == '\t')
        end = all.find("\r\n", end + 2);
    return all.erase(begin, end + 2 - begin);
}

std::string CleanupTest::log() const
{
    std::string out;
    for (std::string line : log_lines_.lines) {
        for (auto at = id_.empty() ? std::string::npos : line.find(id_); at != std::string::npos;
             at = line.find(id_))
            line.replace(at, id_.size(), "Q");
        base::append(out, line, "\n");
    }
    return out;
}

} // namespace cleanup
