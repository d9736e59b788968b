"""Mail: single messages (.eml) and folders of messages (mbox), with the marks that Thunderbird sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader

Record = dict[str, Any]

MAX_MESSAGES = 20_000
MAX_BYTES = 128 << 20
_MAX_HEADER = 20_000  # characters; what is longer is not understood, since that can take very long

# The bits of Thunderbird's header X-Mozilla-Status.
_READ, _REPLIED, _STARRED, _DELETED, _FORWARDED = 0x1, 0x2, 0x4, 0x8, 0x1000
_START = re.compile(rb"^From .*\r?\n", re.MULTILINE)
# What Python's parser of messages raises for headers and parts that are not as they should be.
_DAMAGED = (MessageError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@reader
def message(data: bytes) -> Record:
    """One message: `from`, `to`, `cc`, `subject`, `date`, `id`, `body`, `attachments`, and Thunderbird's marks.

    Addresses are text as in the header, without line breaks; `body` is the plain text (else the HTML) without space at its
    ends; `attachments` are file names; `date` is `None` where there is none that can be read. Marks are `read`, `starred`,
    `replied`, `forwarded` and `tags` ("$label1" is Important).
    """
    if not re.match(rb"(?:From .*\n)?[!-9;-~]+:", data):
        raise EvidenceMissing("it is no message: it does not start with a header")
    return _record(_parsed(data))


@reader
def mailbox(data: bytes) -> list[Record]:
    """The messages of an mbox that are not marked as deleted, in order; each as `mail.message` says.

    Raises:
        EvidenceMissing: it is no mbox, or has more than 20,000 messages or 128 MiB.
    """
    if data.strip() and not data.lstrip(b"\r\n").startswith(b"From "):
        raise EvidenceMissing("it is no folder of messages: it does not start with a line From")
    if len(data) > MAX_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    parsed = (_parsed(part) for part in _parts(data))
    return [_record(found) for found in parsed if not _status(found) & _DELETED]


def _parts(data: bytes) -> Iterator[bytes]:
    """The messages without their lines From. One starts after an empty line, since a line of text may begin with From."""
    starts = [found for found in _START.finditer(data) if _follows_empty_line(data, found.start())]
    if len(starts) > MAX_MESSAGES:
        raise EvidenceMissing(f"it has {len(starts)} messages, which is too much to look at")
    for found, following in zip(starts, [*starts[1:], None], strict=False):  # an empty folder has no start
        yield data[found.end() : following.start() if following else len(data)]


def _follows_empty_line(data: bytes, at: int) -> bool:
    before = data[max(0, at - 4) : at].replace(b"\r", b"")
    return at == 0 or before.endswith(b"\n\n") or not data[:at].strip()


def _parsed(data: bytes) -> EmailMessage:
    try:
        return message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    except _DAMAGED as error:
        raise EvidenceMissing(f"it is not a readable message: {error!r:.200}") from error


def _record(parsed: EmailMessage) -> Record:
    status = _status(parsed)
    return {
        **{name: _header(parsed, name) for name in ("from", "to", "cc", "subject")},
        "date": _date(parsed),
        "id": _header(parsed, "message-id").strip("<> "),
        "body": _body(parsed),
        "attachments": _attachments(parsed),
        "read": bool(status & _READ),
        "starred": bool(status & _STARRED),
        "replied": bool(status & _REPLIED),
        "forwarded": bool(status & _FORWARDED),
        "tags": sorted(_header(parsed, "x-mozilla-keys").split()),
    }


def _status(parsed: EmailMessage) -> int:
    try:
        return int(_header(parsed, "x-mozilla-status") or "0", 16)
    except ValueError:
        return 0


def _header(parsed: EmailMessage, name: str) -> str:
    raw = next((str(value) for key, value in parsed.raw_items() if key.lower() == name), "")
    if len(raw) > _MAX_HEADER:
        return " ".join(raw.split())
    try:
        return " ".join(str(parsed.get(name, "")).split())
    except _DAMAGED:
        return ""


def _date(parsed: EmailMessage) -> datetime | None:
    try:
        found = getattr(parsed.get("date"), "datetime", None)
    except _DAMAGED:
        return None
    return found if isinstance(found, datetime) else None


def _body(parsed: EmailMessage) -> str:
    try:
        part = parsed.get_body(("plain", "html"))
        content = part.get_content() if part is not None else ""
    except _DAMAGED:  # above all an encoding that there is not
        content = _raw_body(parsed)
    return content.replace("\r\n", "\n").strip() if isinstance(content, str) else ""


def _raw_body(parsed: EmailMessage) -> str:
    try:
        payload = parsed.get_payload(decode=True)
    except _DAMAGED:
        return ""
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _attachments(parsed: EmailMessage) -> list[str]:
    try:
        return [part.get_filename("") for part in parsed.iter_attachments()]
    except _DAMAGED:
        return []
