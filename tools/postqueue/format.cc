// SPDX-License-Identifier: Apache-2.0
// Table and JSON; see format.h.
#include "tools/postqueue/format.h"

#include <ctime>

#include "lib/base/calendar.h"
#include "lib/base/strings.h"

namespace postqueue {

namespace {

// Widths and headings of the columns; a positive width puts the text to the left.
struct Columns {
    std::size_t id, size, date;
    std::string_view heading;
};
constexpr Columns short_columns = {
    11, 7, 20, "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"};
constexpr Columns long_columns = {
    17, 8, 19, "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------\n"};

// The parenthesis that closes a reason stands in this column, when there is room.
constexpr std::size_t reason_end = 76;

void put_left(std::string& to, std::string_view text, std::size_t width)
{
    to += text;
    to.append(width > text.size() ? width - text.size() : 0, ' ');
}

void put_right(std::string& to, std::string_view text, std::size_t width)
{
    to.append(width > text.size() ? width - text.size() : 0, ' ');
    to += text;
}

// "Tue Nov 14 22:13:20", with a blank in the place of a day's missing first digit.
std::string date_of(base::WallTime when)
{
    const std::time_t seconds = base::unix_seconds(when);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr)
        ::gmtime_r(&seconds, &local);
    char clock[16];
    std::strftime(clock, sizeof clock, "%e %H:%M:%S", &local);
    return base::cat(base::day_names[local.tm_wday], ' ', base::month_names[local.tm_mon], ' ',
                     clock);
}

char mark_of(const queue::ListedMessage& message)
{
    if (message.forced_expire)
        return '#';
    if (message.queue == queue::Queue::Active)
        return '*';
    return message.queue == queue::Queue::Hold ? '!' : ' ';
}

class Table final : public Format {
public:
    explicit Table(const Columns& columns) : columns_(columns) {}

    void add(std::string& to, const queue::ListedMessage& message) override
    {
        to += count_ == 0 ? columns_.heading : "\n";
        ++count_;
        bytes_ += message.size;
        std::string id = message.id;
        if (const char mark = mark_of(message); mark != ' ')
            id += mark;
        put_left(to, id, columns_.id);
        to += ' ';
        put_right(to, base::cat(message.size), columns_.size);
        to += ' ';
        put_left(to, date_of(message.arrival), columns_.date);
        base::append(to, ' ', message.sender, '\n');
        add_recipients(to, message);
    }

    void finish(std::string& to) override
    {
        if (count_ == 0)
            to += "Mail queue is empty\n";
        else
            base::append(to, "\n-- ", bytes_ / 1024, " Kbytes in ", count_, " Request",
                         count_ == 1 ? "" : "s", ".\n");
    }

private:
    // A reason is shown where it differs from the one before.
    void add_recipients(std::string& to, const queue::ListedMessage& message)
    {
        std::string_view reason;
        for (const auto& recipient : message.recipients) {
            if (recipient.reason != reason) {
                reason = recipient.reason;
                const std::string_view text = reason.empty() ? "reason unavailable" : reason;
                to.append(reason_end > text.size() ? reason_end - text.size() : 0, ' ');
                base::append(to, '(', text, ")\n");
            }
            to.append(columns_.id + columns_.size + columns_.date + 3, ' ');
            base::append(to, recipient.address, '\n');
        }
    }

    const Columns& columns_;
    std::uint64_t count_ = 0;
    std::uint64_t bytes_ = 0;
};

class Json final : public Format {
public:
    void add(std::string& to, const queue::ListedMessage& message) override
    {
        base::append(to, "{\"queue_name\": \"", queue::queue_name(message.queue),
                     "\", \"queue_id\": ", base::json_quote(message.id),
                     ", \"arrival_time\": ", base::unix_seconds(message.arrival),
                     ", \"message_size\": ", message.size,
                     ", \"forced_expire\": ", message.forced_expire ? "true" : "false",
                     ", \"sender\": ", base::json_quote(message.sender), ", \"recipients\": [");
        std::string_view separator;
        for (const auto& recipient : message.recipients) {
            base::append(to, separator, "{\"address\": ", base::json_quote(recipient.address));
            if (!recipient.reason.empty())
                base::append(to, ", \"delay_reason\": ", base::json_quote(recipient.reason));
            append_failure(to, recipient.failure);
            to += '}';
            separator = ", ";
        }
        to += "]}\n";
    }
    void finish(std::string&) override {}
};

} // namespace

void append_failure(std::string& to, mail::Failure failure)
{
    if (failure.kind != mail::FailureClass::None)
        base::append(to, ", \"failure_class\": \"", mail::failure_class_name(failure.kind),
                     "\", \"failure_hard\": ", failure.hard ? "true" : "false");
}

std::unique_ptr<Format> table_format(bool long_ids)
{
    return std::make_unique<Table>(long_ids ? long_columns : short_columns);
}

std::unique_ptr<Format> json_format()
{
    return std::make_unique<Json>();
}

} // namespace postqueue
