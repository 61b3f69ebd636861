// SPDX-License-Identifier: Apache-2.0
// How answers to searches are shown; see format.h.
#include "tools/postqueue/format.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace postqueue {

using ipc::qmgr::FoundMessage;

namespace {

constexpr std::size_t number_width = 10;
constexpr std::size_t age_width = 8;

void put_right(std::string& to, std::string_view text, std::size_t width)
{
    to.append(width > text.size() ? width - text.size() : 0, ' ');
    to += text;
    to += "  ";
}

struct Row {
    const std::string* name;
    const search::Group* group;
};

// The largest groups first.
std::vector<Row> rows_of(const search::Groups& groups)
{
    std::vector<Row> rows;
    for (const auto& [name, group] : groups.all())
        rows.push_back({&name, &group});
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return a.group->messages > b.group->messages;
    });
    return rows;
}

std::string shown_name(const std::string& name, search::GroupBy by)
{
    if (by == search::GroupBy::Sender)
        return queue::shown_address(name);
    return name.empty() ? "-" : queue::shown_text(name);
}

void append_member(std::string& to, std::string_view name, std::string_view value)
{
    if (!value.empty())
        base::append(to, ", \"", name, "\": ", base::json_quote(queue::shown_text(value)));
}

} // namespace

std::string age_text(base::Duration age)
{
    const auto minutes =
        std::max<long long>(0, std::chrono::duration_cast<std::chrono::minutes>(age).count());
    const auto hours = minutes / 60, days = hours / 24;
    if (days > 0)
        return base::cat(days, "d ", hours % 24, 'h');
    if (hours > 0)
        return base::cat(hours, "h ", minutes % 60, 'm');
    return base::cat(minutes, 'm');
}

queue::ListedMessage listed(const FoundMessage& message)
{
    queue::ListedMessage made;
    made.queue = queue::queue_of_name(message.queue).value_or(queue::Queue::Deferred);
    made.id = message.queue_id;
    made.arrival = message.arrival;
    made.size = message.size;
    made.forced_expire = message.expired;
    made.sender = queue::shown_address(message.sender);
    for (const auto& recipient : message.recipients)
        made.recipients.push_back(
            {queue::shown_address(recipient.address), queue::shown_text(recipient.reason)});
    return made;
}

void append_found_json(std::string& to, const FoundMessage& message)
{
    base::append(to, "{\"queue_name\": ", base::json_quote(message.queue),
                 ", \"queue_id\": ", base::json_quote(message.queue_id),
                 ", \"arrival_time\": ", base::unix_seconds(message.arrival),
                 ", \"message_size\": ", message.size,
                 ", \"forced_expire\": ", message.expired ? "true" : "false",
                 ", \"sender\": ", base::json_quote(queue::shown_address(message.sender)));
    if (message.next_attempt != base::WallTime{})
        base::append(to, ", \"next_attempt\": ", base::unix_seconds(message.next_attempt));
    base::append(to, ", \"recipient_count\": ", message.recipient_count, ", \"recipients\": [");
    std::string_view separator;
    for (const auto& recipient : message.recipients) {
        base::append(to, separator,
                     "{\"address\": ", base::json_quote(queue::shown_address(recipient.address)));
        append_member(to, "delay_reason", recipient.reason);
        append_failure(to, recipient.failure);
        append_member(to, "destination", recipient.destination);
        to += '}';
        separator = ", ";
    }
    to += "]}\n";
}

void append_groups(std::string& to, const search::Groups& groups, const GroupsView& view)
{
    const std::string_view heading = search::group_name(view.by);
    if (!view.json) {
        for (const char* title : {"MESSAGES", "RECIPIENTS", "KBYTES"})
            put_right(to, title, number_width);
        put_right(to, "OLDEST", age_width);
        base::append(to, base::upper(heading), '\n');
    }
    for (const Row& row : rows_of(groups)) {
        const search::Group& group = *row.group;
        const std::string name = shown_name(*row.name, view.by);
        if (view.json) {
            base::append(to, "{\"", heading, "\": ", base::json_quote(name),
                         ", \"messages\": ", group.messages, ", \"recipients\": ", group.recipients,
                         ", \"bytes\": ", group.bytes,
                         ", \"oldest\": ", base::unix_seconds(group.oldest), "}\n");
            continue;
        }
        for (const auto number : {group.messages, group.recipients, group.bytes / 1024})
            put_right(to, base::cat(number), number_width);
        put_right(to, age_text(view.now - group.oldest), age_width);
        base::append(to, name, '\n');
    }
}

} // namespace postqueue
