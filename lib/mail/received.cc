// SPDX-License-Identifier: Apache-2.0
// The Received header field; see received.h.
#include "lib/mail/received.h"

#include "lib/base/strings.h"
#include "lib/mail/date.h"

namespace mail {

namespace {

constexpr std::string_view fold = "\r\n\t";

// What a client chose must not end the line. Everything else is the client's own affair.
std::string safe(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return out;
}

// "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 section 4.1.3), "[unknown]".
std::string literal(std::string_view address)
{
    const bool is_ipv6 = address.find(':') != std::string_view::npos;
    return base::cat("[", is_ipv6 ? "IPv6:" : "", safe(address), "]");
}

// RFC 3848 and RFC 6531 section 4.3.
std::string protocol(const ReceivedInfo& info)
{
    const std::string_view name =
        info.smtputf8 ? "UTF8SMTP" : std::string_view(info.client.protocol);
    return base::cat(name, info.tls != nullptr ? "S" : "", info.authenticated ? "A" : "");
}

void put_key_exchange(std::string& out, const ReceivedTls& tls)
{
    if (tls.key_exchange.empty() && tls.server_signature.empty()) {
        out += ')';
        return;
    }
    base::append(out, fold);
    if (!tls.key_exchange.empty())
        base::append(out, " key-exchange ", safe(tls.key_exchange));
    if (!tls.server_signature.empty())
        base::append(out, " server-signature ", safe(tls.server_signature));
    if (!tls.server_digest.empty())
        base::append(out, " server-digest ", safe(tls.server_digest));
    out += ')';
}

void put_client_certificate(std::string& out, const ReceivedTls& tls)
{
    if (!tls.client_signature.empty()) {
        base::append(out, fold, " client-signature ", safe(tls.client_signature));
        if (!tls.client_digest.empty())
            base::append(out, " client-digest ", safe(tls.client_digest));
    }
    base::append(out, fold, "(Client CN \"", safe(tls.client_name), "\", Issuer \"",
                 safe(tls.client_issuer), "\" (", tls.verified ? "verified OK" : "not verified",
                 "))");
}

void put_tls(std::string& out, const ReceivedTls& tls)
{
    base::append(out, fold, "(using ", safe(tls.protocol), " with cipher ", safe(tls.cipher), " (",
                 tls.cipher_bits, "/", tls.cipher_strength, " bits)");
    put_key_exchange(out, tls);
    switch (tls.peer) {
    case ReceivedTls::Peer::NotAsked:
        base::append(out, fold, "(No client certificate requested)");
        break;
    case ReceivedTls::Peer::NoCertificate:
        base::append(out, fold, "(Client did not present a certificate)");
        break;
    case ReceivedTls::Peer::Certificate: put_client_certificate(out, tls); break;
    }
}

} // namespace

std::string received_header(const ReceivedInfo& info)
{
    const Client& client = info.client;
    std::string out =
        base::cat("Received: from ", safe(client.helo.empty() ? client.name : client.helo), " (",
                  safe(client.name), " ", literal(client.address), ")");
    if (info.tls != nullptr && info.show_tls)
        put_tls(out, *info.tls);
    if (!info.login.empty())
        base::append(out, fold, "(Authenticated sender: ", safe(info.login), ")");
    base::append(out, fold, "by ", info.myhostname, " (", info.mail_name, ") with ",
                 safe(protocol(info)));
    if (!info.queue_id.empty())
        base::append(out, " id ", info.queue_id);
    if (info.recipient.empty())
        base::append(out, ";", fold);
    else
        base::append(out, fold, "for <", safe(info.recipient), ">; ");
    base::append(out, header_date(info.arrival), "\r\n");
    return out;
}

std::string received_header(const LocalReceivedInfo& info)
{
    return base::cat("Received: by ", info.myhostname, " (", info.mail_name, ", from userid ",
                     info.uid, ")", fold, "id ", info.queue_id, "; ", header_date(info.arrival),
                     "\r\n");
}

} // namespace mail
