# SPDX-License-Identifier: Apache-2.0
"""A strict reader of delivery status notifications, written from RFC 3464, 3462 and 6533.

    notice = dsn.read(message_bytes)     # ValueError: what is wrong with it, and where
    notice.recipients[0]["action"]

It reads bytes and trusts no library: a lenient parser proves nothing. `report=True` allows the
actions deliverable and undeliverable of verification reports, which RFC 3464 does not know.
"""
import dataclasses
import re

ATOM = r"[!#$%&'*+\-/0-9=?A-Z^_`a-z{|}~]+"
DATE = re.compile(r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )? ?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|"
                  r"Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d(:\d\d)? [+-]\d{4}( \([^()]*\))?\Z")
TYPED = re.compile(rf"({ATOM})\s*;\s*(\S.*)\Z", re.S)
DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z|\[[0-9A-Fa-f:.]+\]\Z|\S+ \(.*\)\Z")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\Z")
ACTIONS = {"failed": "45", "delayed": "4", "delivered": "2", "relayed": "2", "expanded": "2"}
REPORT_ACTIONS = {"deliverable": "2", "undeliverable": "45"}
PER_MESSAGE = {"original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta",
               "arrival-date"}
PER_RECIPIENT = {"original-recipient", "final-recipient", "action", "status", "remote-mta",
                 "diagnostic-code", "last-attempt-date", "final-log-id", "will-retry-until"}
DATES = {"arrival-date", "last-attempt-date", "will-retry-until"}
MTAS = {"reporting-mta", "dsn-gateway", "received-from-mta", "remote-mta"}
LINE_LIMIT = 998


@dataclasses.dataclass
class Part:
    fields: dict
    body: bytes
    type: str
    params: dict


@dataclasses.dataclass
class Notice:
    header: dict
    text: str  # first part
    message: dict  # per-message fields, names in lower case
    recipients: list  # per-recipient fields
    returned: Part  # third part, or None
    utf8: bool


def need(condition, what):
    if not condition:
        raise ValueError(what)


def lines_of(data):
    need(data.endswith(b"\r\n"), "the message does not end with a line end")
    need(b"\n" not in data.replace(b"\r\n", b""), "bare LF")
    need(b"\r" not in data.replace(b"\r\n", b""), "bare CR")
    need(b"\0" not in data, "NUL")
    lines = data.split(b"\r\n")
    need(max(map(len, lines)) <= LINE_LIMIT, "a line is too long")
    return lines


def fields_of(block, utf8, where):
    """Header fields of one block as (name in lower case, unfolded value)."""
    fields = []
    for line in block.split(b"\r\n"):
        text = line.decode("utf-8" if utf8 else "ascii")
        need(all(c >= " " or c == "\t" for c in text), f"control character in {where}: {text!r}")
        if text[:1] in (" ", "\t"):
            need(fields and text.strip(), f"{where}: stray continuation {text!r}")
            fields[-1][1] += " " + text.strip()
            continue
        match = re.match(r"([!-9;-~]+):[ \t]?(.*)\Z", text)
        need(match, f"{where}: no field: {text!r}")
        fields.append([match.group(1).lower(), match.group(2).strip()])
    return [tuple(field) for field in fields]


def unique(fields, where):
    names = [name for name, _ in fields]
    need(len(names) == len(set(names)), f"{where}: a field twice: {names}")
    return dict(fields)


def content_type(value):
    main, _, rest = value.partition(";")
    need(re.match(rf"{ATOM}/{ATOM}\Z", main.strip()), f"content type {value!r}")
    params = {}
    for name, quoted, plain in re.findall(rf';\s*({ATOM})=(?:"([^"\\]*)"|({ATOM}))', ";" + rest):
        params[name.lower()] = quoted or plain
    return main.strip().lower(), params


def split_header(data, utf8, where):
    head, found, body = data.partition(b"\r\n\r\n")
    need(found, f"{where}: no empty line after the header")
    return unique([f for f in fields_of(head, utf8, where) if f[0] != "received"], where), body


def part_of(data, number):
    where = f"part {number}"
    if data.startswith(b"\r\n"):
        raise ValueError(f"{where}: no Content-Type")
    fields, body = split_header(data, False, where)
    kind, params = content_type(fields.get("content-type", "text/plain"))
    encoding = fields.get("content-transfer-encoding", "7bit").lower()
    need(encoding in ("7bit", "8bit"), f"{where}: encoding {encoding}")
    if encoding == "7bit":
        need(body.isascii(), f"{where}: 8-bit bytes, but no encoding says so")
    need(set(fields) <= {"content-type", "content-transfer-encoding", "content-description"},
         f"{where}: {sorted(fields)}")
    return Part(fields, body, kind, params)


def parts_of(body, boundary):
    need(0 < len(boundary) <= 70 and not boundary.endswith(" "), f"boundary {boundary!r}")
    need(re.match(r"[0-9A-Za-z'()+_,\-./:=? ]+\Z", boundary), f"boundary {boundary!r}")
    mark = b"\r\n--" + boundary.encode()
    pieces = (b"\r\n" + body).split(mark)
    need(pieces[-1] == b"--\r\n", f"text after the last part: {pieces[-1]!r}")
    need(all(piece.startswith(b"\r\n") for piece in pieces[1:-1]), "a damaged boundary")
    return [part_of(piece[2:], i + 1) for i, piece in enumerate(pieces[1:-1])]


def check_typed(name, value, utf8):
    match = TYPED.match(value)
    need(match, f"{name}: no type: {value!r}")
    kind, text = match.groups()
    if name in MTAS:
        need(kind.lower() == "dns" and DOMAIN.match(text), f"{name}: {value!r}")
    elif name in ("final-recipient", "original-recipient"):
        need(kind.lower() == "rfc822" or (utf8 and kind.lower() == "utf-8") or
             name == "original-recipient", f"{name}: type of {value!r}")
        need(kind.lower() != "rfc822" or text.isascii(), f"{name}: 8-bit {value!r}")
    return text


def check_fields(fields, known, utf8, where):
    for name, value in fields.items():
        need(name in known or name.startswith("x-"), f"{where}: unknown field {name}")
        if name in DATES:
            need(DATE.match(value), f"{name}: {value!r} is no date")
        elif name in MTAS | {"final-recipient", "original-recipient", "diagnostic-code"}:
            check_typed(name, value, utf8)


def check_recipient(fields, utf8, actions):
    where = f"recipient {fields.get('final-recipient')}"
    for name in ("final-recipient", "action", "status"):
        need(name in fields, f"{where}: no {name}")
    check_fields(fields, PER_RECIPIENT, utf8, where)
    action, status = fields["action"].lower(), fields["status"].split(" ")[0]
    need(action in actions, f"{where}: action {action}")
    need(STATUS.match(status), f"{where}: status {status}")
    need(status[0] in actions[action], f"{where}: {action} with status {status}")
    need("will-retry-until" not in fields or action == "delayed", f"{where}: will it be retried?")


def status_of(part, utf8, report):
    text = part.body
    need(text.isascii() or utf8, "8-bit bytes in the report")
    need(utf8 or "content-transfer-encoding" not in part.fields,
         "message/delivery-status is 7bit by itself (RFC 3464 2.1)")
    need(text.endswith(b"\r\n"), "the last field has no line end")
    blocks = text[:-2].split(b"\r\n\r\n")
    need(len(blocks) > 1, "no recipient")
    groups = [unique(fields_of(block, utf8, "report"), "report") for block in blocks]
    need("reporting-mta" in groups[0], "no Reporting-MTA")
    check_fields(groups[0], PER_MESSAGE, utf8, "message fields")
    actions = REPORT_ACTIONS if report else ACTIONS
    for group in groups[1:]:
        check_recipient(group, utf8, actions)
    return groups[0], groups[1:]


def returned_of(parts, utf8):
    if len(parts) == 2:
        return None
    allowed = {"message/rfc822", "text/rfc822-headers"}
    if utf8:
        allowed = {"message/global", "message/global-headers"}
    need(parts[2].type in allowed, f"third part {parts[2].type}")
    return parts[2]


def read(data, report=False):
    lines_of(data)
    top, body = split_header(data, b"utf-8" in data[:4000].lower(), "header")
    for name in ("from", "to", "date", "subject", "message-id", "mime-version", "content-type",
                 "auto-submitted"):
        need(name in top, f"no {name} in the header")
    need(DATE.match(top["date"]), f"date {top['date']!r}")
    need(re.match(r"auto-(replied|generated)\Z", top["auto-submitted"]), "auto-submitted")
    kind, params = content_type(top["content-type"])
    need(kind == "multipart/report", f"type {kind}")
    utf8 = params.get("report-type") == "global-delivery-status"
    need(utf8 or params.get("report-type") == "delivery-status", f"report-type {params}")
    parts = parts_of(body, params["boundary"])
    need(len(parts) in (2, 3), f"{len(parts)} parts")
    need(parts[0].type == "text/plain", f"first part {parts[0].type}")
    wanted = "message/global-delivery-status" if utf8 else "message/delivery-status"
    need(parts[1].type == wanted, f"second part {parts[1].type}")
    message, recipients = status_of(parts[1], utf8, report)
    text = parts[0].body.decode(parts[0].params.get("charset", "us-ascii"))
    return Notice(top, text, message, recipients, returned_of(parts, utf8), utf8)
