// SPDX-License-Identifier: Apache-2.0
// The frames that every protocol shares; see protocol.h and PROTOCOL.md.
#include "lib/ipc/protocol.h"

namespace ipc {

Encoder encode_hello(std::string_view protocol, unsigned version)
{
    Encoder out;
    out.name(hello_name);
    out.name("protocol");
    out.text(protocol);
    out.name("version");
    out.number(version);
    return out;
}

Encoder encode_bye()
{
    Encoder out;
    out.name(bye_name);
    return out;
}

Encoder encode_error(const base::Error& error)
{
    Encoder out;
    out.name(error_name);
    out.name("permanent");
    out.number(error.temporary() ? 0 : 1);
    out.name("text");
    out.text(error.text);
    return out;
}

base::Error malformed()
{
    return base::temporary("protocol error: malformed answer");
}

base::Result<void> open_answer(Decoder& answer)
{
    std::string_view name = answer.any_name();
    if (name == reply_name)
        return {};
    if (name != error_name || !answer.name("permanent"))
        return malformed();
    bool is_permanent = answer.number() != 0;
    answer.name("text");
    std::string text(answer.text());
    if (!answer.complete())
        return malformed();
    return is_permanent ? base::permanent(std::move(text)) : base::temporary(std::move(text));
}

} // namespace ipc
