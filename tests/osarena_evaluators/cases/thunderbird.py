"""Cases of mail and of Thunderbird's profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.databases import database, logged
from tests.support.office import archive

FIRST = (
    b"X-Mozilla-Status: 0005\r\nX-Mozilla-Keys: $label1 work   \r\nFrom: =?utf-8?q?Z=C3=B3fia?= <z@a.example>\r\n"
    b"To: me@a.example,\r\n you@a.example\r\nSubject: The\r\n  invoice\r\nDate: Tue, 03 Feb 2026 09:30:00 +0100\r\n"
    b'Message-ID: <1@a.example>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\nFrom here on.\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\n\r\nx\r\n--b--\r\n"
)
DELETED = b"X-Mozilla-Status: 0009\r\nSubject: gone\r\n\r\nx\r\n"
SHORT = b"Subject: short\n\n<From> me\n"
INBOX = b"From - Tue Feb  3 2026\r\n" + FIRST + b"\r\nFrom - \r\n" + DELETED + b"\r\nFrom \n" + SHORT
INVOICE: dict[str, Any] = {
    "from": "Zófia <z@a.example>",
    "to": "me@a.example, you@a.example",
    "cc": "",
    "subject": "The invoice",
    "date": datetime(2026, 2, 3, 8, 30, tzinfo=UTC),
    "id": "1@a.example",
    "body": "Hello,\nFrom here on.",
    "attachments": ["bill.pdf"],
    "read": True,
    "starred": True,
    "replied": False,
    "forwarded": False,
    "tags": ["$label1", "work"],
}
PLAIN: dict[str, Any] = {
    **dict.fromkeys(("from", "to", "cc", "id"), ""),
    "subject": "short",
    "date": None,
    "body": "<From> me",
    "attachments": [],
    **dict.fromkeys(("read", "starred", "replied", "forwarded"), False),
    "tags": [],
}
ODD = (
    b"Subject: =?utf-8?b?!!?=\nTo: "
    + b"(" * 30_000
    + b"\nDate: never\nX-Mozilla-Status: zz\nContent-Type: text/plain; charset=x\n\n\xff"
)
NO_MAILBOX = malformed(b"Subject: x\n\nx", "it is no folder of messages: it does not start with a line From")

FILTERS = rb"""version="9"
logging="no"
name="Bills \"2026\""
enabled="yes"
type="17"
action="Move to folder"
actionValue="mailbox://nobody@Local%20Folders/Bills"
action="Mark read"
condition="OR (subject,contains,invoice) OR (from,is,\"a, b\")"
name="All"
enabled="no"
type="16"
action="Stop execution"
condition="ALL"
"""
BILLS = {
    "name": 'Bills "2026"',
    "enabled": True,
    "new_mail": True,
    "actions": [["Move to folder", "mailbox://nobody@Local%20Folders/Bills"], ["Mark read", ""]],
    "match": "any",
    "conditions": [["subject", "contains", "invoice"], ["from", "is", "a, b"]],
}
OFF = dict.fromkeys(("enabled", "new_mail"), False)
ALL = {"name": "All", **OFF, "actions": [["Stop execution", ""]], "match": "always", "conditions": []}

PROPERTIES = "CREATE TABLE properties (card TEXT, name TEXT, value TEXT)"
LISTS = "CREATE TABLE lists (uid TEXT PRIMARY KEY, name TEXT, nickName TEXT, description TEXT)"
MEMBERS = "CREATE TABLE list_cards (list TEXT, card TEXT)"
BOOK = logged(
    PROPERTIES,
    LISTS,
    MEMBERS,
    "INSERT INTO properties VALUES ('1', 'DisplayName', 'Zoe'), ('1', 'PrimaryEmail', 'zoe@a.example'), ('1', 'NickName', '')",
    "INSERT INTO properties VALUES ('2', 'DisplayName', 'Ann'), ('2', 'PrimaryEmail', 'ann@a.example')",
    "INSERT INTO lists VALUES ('l', 'Choir', NULL, 'Thursdays'), ('m', 'Empty', '', '')",
    "INSERT INTO list_cards VALUES ('l', '1'), ('l', '2')",
)
EMPTY_BOOK = database(PROPERTIES, LISTS, MEMBERS)
NO_BOOK = (malformed(b"x", "it is not a readable archive"), lacks(database("CREATE TABLE a (x)"), "no such table"))

READERS = {
    "mail.message": [
        reads(FIRST, INVOICE),
        differs(SHORT, PLAIN),
        differs(ODD, PLAIN | {"subject": "", "to": "(" * 30_000, "body": "\ufffd"}),
        malformed(b"", "it is no message"),
        malformed(b"\x89PNG\r\n", "it is no message"),
    ],
    "mail.mailbox": [reads(INBOX, [INVOICE, PLAIN]), reads(b"", []), differs(b"From x\n" + SHORT, [PLAIN]), NO_MAILBOX],
    "thunderbird.messages": [reads(INBOX, [INVOICE, PLAIN]), differs(b"From x\n" + DELETED, []), NO_MAILBOX],
    "thunderbird.folders": [
        reads(
            archive({"Inbox": INBOX, "Inbox.msf": "x", "Inbox.sbd/": "", "Inbox.sbd/Bills": "", "msgFilterRules.dat": "x"}),
            {"Inbox": [INVOICE, PLAIN], "Inbox/Bills": []},
        ),
        differs(archive({"Sent": ""}), {"Sent": []}),
        malformed(archive({"Inbox": "hello"}), "it is no folder of messages"),
        malformed(b"", "it is not a readable archive"),
    ],
    "thunderbird.filters": [
        reads(FILTERS, [BILLS, ALL]),
        differs(b'version="9"\nlogging="no"\n', []),
        malformed(b"<x/>", "it is no file of filters: line 1 is '<x/>'"),
        malformed(b'condition="' + b"AND (" * 2000 + b'"', "too much to look at"),
        malformed(b"\xff", "it is not text"),
    ],
    "thunderbird.contacts": [
        reads(
            BOOK,
            [
                {"DisplayName": "Ann", "PrimaryEmail": "ann@a.example"},
                {"DisplayName": "Zoe", "PrimaryEmail": "zoe@a.example"},
            ],
        ),
        differs(EMPTY_BOOK, []),
        *NO_BOOK,
    ],
    "thunderbird.lists": [
        reads(
            BOOK,
            [
                {"name": "Choir", "nickname": "", "description": "Thursdays", "members": ["ann@a.example", "zoe@a.example"]},
                {"name": "Empty", "nickname": "", "description": "", "members": []},
            ],
        ),
        differs(EMPTY_BOOK, []),
        *NO_BOOK,
    ],
    "thunderbird.preferences": [
        reads(
            b'// x\nuser_pref("mail.a", true);\nuser_pref("b", "say \\"hi\\"");\nuser_pref("n", -3);\nuser_pref("odd", \'x\');\n',
            {"mail.a": True, "b": 'say "hi"', "n": -3},
        ),
        differs(b'user_pref("mail.a", false);\n', {"mail.a": False}),
        malformed(b"mail.a = true", "it is no file of preferences"),
        malformed(b"\xff", "it is not text"),
    ],
}
