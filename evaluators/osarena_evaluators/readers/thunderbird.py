"""What Thunderbird keeps in a profile: messages, filters, address books and preferences.

====================================  ===========================  ==============================================
file, below the profile               probe                        reader
====================================  ===========================  ==============================================
Mail/Local Folders/Inbox              `file`                       `thunderbird.messages`
Mail/Local Folders                    `folder`                     `thunderbird.folders`: the messages of all;
                                                                   `thunderbird.places`, `thunderbird.marked`
Mail/Local Folders/msgFilterRules.dat `file`                       `thunderbird.filters`
abook.sqlite                          `database`                   `thunderbird.people`, `thunderbird.contacts`,
                                                                   `thunderbird.lists`
prefs.js                              `file`                       `thunderbird.preferences`
====================================  ===========================  ==============================================
"""

from __future__ import annotations

import json
import re
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import mail, sqlite
from osarena_evaluators.readers.archives import open_archive, read_member
from osarena_evaluators.readers.text import text

Record = dict[str, Any]

# What lies beside the folders of messages in a mail store.
_NO_FOLDERS = (".msf", ".dat", ".html", ".json", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock")
_MAX_FILTERS_BYTES, _MAX_FILTER_LINE = 512 << 10, 8_000
_PREFERENCE = re.compile(r'^(?:user_pref|pref)\("((?:[^"\\]|\\.)*)",\s*(.*)\);\s*$', re.MULTILINE)
_RULE = re.compile(r'^(\w+)="((?:[^"\\]|\\.)*)"\s*$')
# The bits of a filter's type that make it run on new mail, before and after junk is sorted out.
_ON_NEW_MAIL = 0x1 | 0x20
# Name (after the name of a group), parameters that may be quoted, value.
_VCARD_LINE = re.compile(r'(?:[\w-]+\.)?([\w-]+)(?:;(?:"[^"]*"|[^":])*)?:(.*)')
_CONDITION = re.compile(r'(AND|OR)\s*\(("(?:[^"\\]|\\.)*"|[^,()]*),([^,()]*),((?:"(?:[^"\\]|\\.)*"|[^"()])*)\)')


@reader
def messages(data: bytes) -> list[Record]:
    """The messages of one folder that are not deleted, in order (see `mail.mailbox`)."""
    return mail.mailbox(data)


@reader
def folders(data: bytes) -> dict[str, list[Record]]:
    """The messages of each folder of a mail store by its path, such as "Inbox" or "Inbox/Projects"; the empty ones too."""
    archive = open_archive(data)
    names = sorted(name for name in archive.namelist() if not name.endswith(("/", *_NO_FOLDERS)) and "/." not in f"/{name}")
    return {name.replace(".sbd/", "/"): mail.mailbox(read_member(archive, name)) for name in names}


@reader
def places(data: bytes) -> dict[str, list[str]]:
    """Where the messages of a mail store are: the sorted ids of those in each folder, by its path, without empty folders."""
    return {name: sorted(str(found["id"]) for found in messages) for name, messages in folders(data).items() if messages}


@reader
def marked(data: bytes, *, mark: str = "starred") -> list[str]:
    """The sorted ids of the messages of a mail store with a mark (see `mail.message`), each once, in whichever folder."""
    return sorted({str(found["id"]) for messages in folders(data).values() for found in messages if found.get(mark)})


@reader
def filters(data: bytes) -> list[Record]:
    """The message filters in order: `name`, `enabled`, `new_mail`, `actions`, `match` and `conditions`.

    `new_mail` is whether it runs by itself on mail that comes in, not just by hand. `actions` are pairs such as
    `["Move to folder", "mailbox://nobody@Local%20Folders/Bills"]` (an action without a value has an empty one), `conditions`
    triples such as `["subject", "contains", "invoice"]`, `match` is "all", "any" or "always".
    """
    found: list[Record] = []
    lines = text(data).splitlines()
    if len(data) > _MAX_FILTERS_BYTES or any(len(line) > _MAX_FILTER_LINE for line in lines):
        raise EvidenceMissing(f"its filters have {len(data)} bytes, which is too much to look at")
    for number, line in enumerate(lines, start=1):
        rule = _RULE.match(line)
        if rule is None:
            if line.strip():
                raise EvidenceMissing(f"it is no file of filters: line {number} is {line!r:.100}")
            continue
        _take_rule(found, rule[1], _unescaped(rule[2]))
    return found


@reader
def contacts(data: bytes) -> list[Record]:
    """The cards of an address book, each with what it has of `DisplayName`, `FirstName`, `LastName`, `PrimaryEmail` and so on.

    They are sorted by name. A card of a new kind has its vCard under `_vCard`; what Thunderbird draws from it stands beside.
    """
    cards: dict[str, Record] = {}
    for row in sqlite.query(data, sql="SELECT card, name, value FROM properties"):
        if row["value"] not in (None, ""):
            cards.setdefault(str(row["card"]), {})[str(row["name"])] = row["value"]
    return sorted(cards.values(), key=lambda card: (str(card.get("DisplayName", "")), str(card.get("PrimaryEmail", ""))))


@reader
def people(data: bytes) -> list[Record]:
    """The people in an address book: `first`, `last`, `addresses`, and `phones` without anything but digits and a plus.

    They are sorted by name. Whether a number is of a mobile telephone, and the like, does not count.
    """
    cards = contacts(data)
    return [_person(str(card.get("_vCard", "")), card) for card in cards]


@reader
def lists(data: bytes) -> list[Record]:
    """The mailing lists of an address book by name: `name`, `nickname`, `description` and `members`, their sorted addresses."""
    sql = (
        "SELECT lists.name AS name, nickName, description, value FROM lists"
        " LEFT JOIN list_cards ON list = uid"
        " LEFT JOIN properties ON properties.card = list_cards.card AND properties.name = 'PrimaryEmail'"
        " ORDER BY lists.name, uid, value"
    )
    found: dict[str, Record] = {}
    for row in sqlite.query(data, sql=sql):
        record = {"name": row["name"], "nickname": row["nickName"] or "", "description": row["description"] or "", "members": []}
        members = found.setdefault(str(row["name"]), record)["members"]
        members += [row["value"]] if row["value"] else []
    return list(found.values())


@reader
def preferences(data: bytes) -> Record:
    """The preferences in prefs.js that differ from Thunderbird's own, by name."""
    found: Record = {}
    for name, value in _PREFERENCE.findall(text(data)):
        try:
            found[json.loads(f'"{name}"')] = json.loads(value)
        except (ValueError, RecursionError):
            continue  # not written by Thunderbird, which would not understand it either
    if not found:
        raise EvidenceMissing("it is no file of preferences")
    return found


def _take_rule(found: list[Record], key: str, value: str) -> None:
    if key == "name":
        found.append({"name": value, "enabled": False, "new_mail": False, "actions": [], "match": "all", "conditions": []})
    if not found:
        return  # the version of the file and whether filters are logged
    last = found[-1]
    match key:
        case "enabled":
            last["enabled"] = value == "yes"
        case "type" if re.fullmatch(r"\d{1,9}", value):
            last["new_mail"] = bool(int(value) & _ON_NEW_MAIL)
        case "action":
            last["actions"].append([value, ""])
        case "actionValue" if last["actions"]:
            last["actions"][-1][1] = value
        case "condition":
            terms = _CONDITION.findall(value)
            last["conditions"] = [[field.strip('"'), how, what.strip('"')] for _, field, how, what in terms]
            last["match"] = "always" if not terms else "any" if terms[0][0] == "OR" else "all"


def _person(vcard: str, card: Record) -> Record:
    lines = _properties_of(vcard)
    first, last = (str(card.get(name, "")) for name in ("FirstName", "LastName"))
    addresses = lines.get("EMAIL") or [str(card["PrimaryEmail"])] * ("PrimaryEmail" in card)
    return {
        "first": first,
        "last": last,
        "addresses": addresses,
        "phones": [re.sub(r"[^\d+]", "", tel) for tel in lines.get("TEL", [])],
    }


def _properties_of(vcard: str) -> dict[str, list[str]]:
    """The values of each property of a vCard (RFC 6350), in order; long lines are put together again first."""
    found: dict[str, list[str]] = {}
    for line in re.sub(r"\r?\n[ \t]", "", vcard).splitlines():
        property_ = _VCARD_LINE.match(line)
        if property_ is not None:
            found.setdefault(property_[1].upper(), []).append(_unescaped(property_[2]))
    return found


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)
