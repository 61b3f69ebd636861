// SPDX-License-Identifier: Apache-2.0
// What the resolver understands: DNS questions, host address and host name look-ups (hosts file
// included, as the parameters say). Many calls at a time on one connection.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/protocol.h"

namespace ipc::resolver {

// RFC 1035 section 3.2.2, RFC 3596, RFC 6698: the types we ask for.
enum class Type : std::uint16_t {
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    TLSA = 52
};

// How a look-up ended. Bogus (DNSSEC validation failed) is to be treated like TemporaryFailure.
enum class Status : std::uint8_t { Ok, NoData, NoDomain, TemporaryFailure, Bogus };

struct Record {
    std::string data; // Address text for A/AAAA; a host name without final dot for MX, PTR, NS,
                      // CNAME, SRV; text for TXT; raw bytes else.
    std::uint16_t preference = 0; // MX, SRV priority.
    std::uint16_t weight = 0;     // SRV
    std::uint16_t port = 0;       // SRV
    static constexpr auto fields =
        std::tuple{field("data", &Record::data), field("preference", &Record::preference),
                   field("weight", &Record::weight), field("port", &Record::port)};
};

struct Answer {
    Status status = Status::TemporaryFailure;
    bool secure = false;   // DNSSEC-validated here, or by a resolver that we trust.
    std::uint32_t ttl = 0; // Seconds.
    std::vector<Record> records;
    std::string canonical; // The name at the end of CNAMEs, when another than asked.
    std::string text;      // Why it failed, for a person.
    static constexpr auto fields = std::tuple{field("status", &Answer::status),
                                              field("secure", &Answer::secure),
                                              field("ttl", &Answer::ttl),
                                              field("records", &Answer::records),
                                              field("canonical", &Answer::canonical),
                                              field("text", &Answer::text)};
};

struct Query { // DNS only.
    std::string domain;
    std::uint16_t type = 1;
    using Response = Answer;
    static constexpr std::string_view name = "query";
    static constexpr auto fields =
        std::tuple{field("domain", &Query::domain), field("type", &Query::type)};
};

// Addresses of a host: the hosts file first when `native`, then DNS; IPv4 and IPv6 as asked.
struct HostQuery {
    std::string host;
    bool ipv4 = true;
    bool ipv6 = true;
    bool native = false;
    using Response = Answer; // Records hold address text.
    static constexpr std::string_view name = "host";
    static constexpr auto fields =
        std::tuple{field("host", &HostQuery::host), field("ipv4", &HostQuery::ipv4),
                   field("ipv6", &HostQuery::ipv6), field("native", &HostQuery::native)};
};

// The name of an address, and whether the name's addresses include it.
struct PeerName {
    Status status = Status::TemporaryFailure;  // Of the reverse look-up.
    std::string reverse_name;                  // The PTR name, or empty.
    Status forward = Status::TemporaryFailure; // Of the name's address look-up.
    bool confirmed = false;
    static constexpr auto fields = std::tuple{
        field("status", &PeerName::status), field("reverse_name", &PeerName::reverse_name),
        field("forward", &PeerName::forward), field("confirmed", &PeerName::confirmed)};
};
struct PeerQuery {
    std::string address; // Numeric.
    using Response = PeerName;
    static constexpr std::string_view name = "peer";
    static constexpr auto fields = std::tuple{field("address", &PeerQuery::address)};
};

struct Protocol : Requests<Query, HostQuery, PeerQuery> {
    static constexpr std::string_view name = "resolver";
    static constexpr unsigned version = 1;
};

} // namespace ipc::resolver

template <>
inline constexpr auto ipc::last_of<ipc::resolver::Status> = ipc::resolver::Status::Bogus;
