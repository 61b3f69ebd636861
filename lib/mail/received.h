// SPDX-License-Identifier: Apache-2.0
// The Received header field (RFC 5321 section 4.4), with the words and the folding of Postfix.
#pragma once

#include <optional>
#include <string>

#include "lib/mail/envelope.h"

namespace mail {

// What smtpd_tls_received_header shows of a TLS session. Empty texts are left out.
struct ReceivedTls {
    std::string protocol; // "TLSv1.3"
    std::string cipher;
    int cipher_bits = 0; // In use.
    int cipher_strength = 0;
    std::string key_exchange;     // "X25519", "ECDHE (prime256v1)"
    std::string server_signature; // "RSA-PSS (2048 bits)"
    std::string server_digest;
    std::string client_signature;
    std::string client_digest;

    enum class Peer : std::uint8_t { NotAsked, NoCertificate, Certificate };
    Peer peer = Peer::NotAsked;
    std::string client_name; // CN of the certificate, made printable.
    std::string client_issuer;
    bool verified = false;

    bool operator==(const ReceivedTls&) const = default;
};

struct ReceivedInfo {
    const Client& client;
    std::string_view myhostname;
    std::string_view mail_name;
    std::string_view queue_id; // Empty before a queue file exists: then there is no "id".
    base::WallTime arrival{};
    bool smtputf8 = false;
    std::string_view recipient = {};  // In quoted form, without <>; empty when there are several.
    std::string_view login = {};      // Of smtpd_sasl_authenticated_header, or empty.
    bool authenticated = false;       // The session has logged in: ESMTPA.
    const ReceivedTls* tls = nullptr; // Null without TLS.
    bool show_tls = false;            // smtpd_tls_received_header
};

// The whole field in wire form, each line ended by CRLF. Bytes of the client's that could end a
// line or a header are replaced by '?'.
std::string received_header(const ReceivedInfo& info);

// The same for local submission (pickup): "Received: by HOST (NAME, from userid N)".
struct LocalReceivedInfo {
    std::string_view myhostname;
    std::string_view mail_name;
    std::string_view queue_id;
    base::WallTime arrival{};
    unsigned uid = 0;
};
std::string received_header(const LocalReceivedInfo& info);

} // namespace mail
