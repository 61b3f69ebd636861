// SPDX-License-Identifier: Apache-2.0
// The stages of a client conversation: their names in log lines, and whose time limit holds.
#include "lib/smtp/client_settings.h"

#include <array>

namespace smtp {

const StageInfo& stage_info(ClientStage stage)
{
    using T = ClientTimeouts;
    // In the order of ClientStage.
    static constexpr std::array<StageInfo, 14> stages = {{
        {"receiving the initial server greeting", "initial greeting", &T::helo},
        {"performing the EHLO handshake", "EHLO command", &T::helo},
        {"performing the HELO handshake", "HELO command", &T::helo},
        {"performing the LHLO handshake", "LHLO command", &T::helo},
        {"receiving the STARTTLS response", "STARTTLS command", &T::starttls},
        {"performing the SASL handshake", "AUTH command", &T::helo},
        {"sending MAIL FROM", "MAIL FROM command", &T::mail},
        {"sending RCPT TO", "RCPT TO command", &T::rcpt},
        {"sending DATA command", "DATA command", &T::data_init},
        {"sending message body", "message body", &T::data_xfer},
        {"sending end of data -- message may be sent more than once", "end of DATA command",
         &T::data_done},
        {"sending final RSET", "final RSET command", &T::rset},
        {"sending RSET probe", "RSET probe", &T::rset},
        {"sending QUIT", "QUIT command", &T::quit},
    }};
    return stages[static_cast<std::size_t>(stage)];
}

} // namespace smtp
