// SPDX-License-Identifier: Apache-2.0
// How the values of lib/mail cross between processes.
#pragma once

#include "lib/ipc/codec.h"
#include "lib/mail/envelope.h"
#include "lib/mail/outcome.h"

namespace ipc {

template <> inline constexpr auto last_of<mail::Status> = mail::Status::Expanded;
template <> inline constexpr auto last_of<mail::DsnReturn> = mail::DsnReturn::Headers;
template <> inline constexpr auto last_of<mail::BodyType> = mail::BodyType::EightBitMime;

template <> inline constexpr auto last_of<mail::FailureClass> = mail::FailureClass::Unknown;

template <> struct Fields<mail::Recipient> {
    using R = mail::Recipient;
    static constexpr auto value =
        std::tuple{field("address", &R::address), field("original", &R::original),
                   field("dsn_orcpt", &R::dsn_orcpt), field("dsn_notify", &R::dsn_notify)};
};

template <> struct Fields<mail::Client> {
    using C = mail::Client;
    static constexpr auto value =
        std::tuple{field("name", &C::name),       field("reverse_name", &C::reverse_name),
                   field("address", &C::address), field("port", &C::port),
                   field("helo", &C::helo),       field("protocol", &C::protocol)};
};

template <> struct Fields<mail::Envelope> {
    using E = mail::Envelope;
    static constexpr auto value =
        std::tuple{field("sender", &E::sender),         field("client", &E::client),
                   field("arrival", &E::arrival),       field("dsn_envid", &E::dsn_envid),
                   field("dsn_return", &E::dsn_return), field("body", &E::body),
                   field("smtputf8", &E::smtputf8),     field("declared_size", &E::declared_size)};
};

template <> struct Fields<mail::Failure> {
    static constexpr auto value =
        std::tuple{field("class", &mail::Failure::kind), field("hard", &mail::Failure::hard)};
};

template <> struct Fields<mail::Outcome> {
    using O = mail::Outcome;
    static constexpr auto value = std::tuple{
        field("status", &O::status), field("dsn", &O::dsn),         field("text", &O::text),
        field("relay", &O::relay),   field("mta", &O::mta),         field("reply", &O::reply),
        field("when", &O::when),     field("failure", &O::failure), field("relayed", &O::relayed)};
};

} // namespace ipc
