"""The files of a Thunderbird profile: an account with its folders of letters, filters and address book.

The account fetches its mail from a server that is never asked, so all there is lies in these files. What is the same for
every task (no questions at the start, a maximized window) stands in the profile of the provider's home template.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from urllib.parse import quote

# Room for the tags that Thunderbird writes into the line, as it leaves it itself.
_NO_TAGS = " " * 80
# How many days a post goes over.
_POST_DAYS = 12
_READ = 0x0001
_STARRED = 0x0004


@dataclass(frozen=True, slots=True)
class Account:
    """Whose mail it is."""

    name: str
    address: str

    @property
    def user(self) -> str:
        """The name at the server."""
        return self.address.split("@")[0]

    @property
    def server(self) -> str:
        """The server, after which the folder of the mail is named."""
        return f"mail.{self.address.split('@')[1]}"

    @property
    def mail(self) -> str:
        """Where the mail folders lie, below the profile."""
        return f"Mail/{self.server}"

    def uri(self, folder: str) -> str:
        """What Thunderbird calls a folder of this account."""
        return f"mailbox://{self.user}@{self.server}/{quote(folder)}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of plain text."""

    id: str  # of the whole world, without angle brackets
    sender: str
    address: str
    at: datetime  # UTC
    subject: str
    text: str
    is_read: bool = True
    is_starred: bool = False

    @property
    def label(self) -> dict[str, str]:
        """What plays find it by in a list."""
        return {"sender": self.sender, "address": self.address, "subject": self.subject}


class Post:
    """Writes letters to somebody, on the days after one, at most two on each."""

    def __init__(self, rng: Random, recipient: str, first_day: datetime) -> None:
        self._rng = rng
        self._recipient = recipient
        self._first_day = first_day
        self._days = rng.sample(range(_POST_DAYS), _POST_DAYS) + rng.sample(range(_POST_DAYS), _POST_DAYS)

    def letter(self, sender: str, address: str, subject: str, text: str, *, signature: str = "") -> Letter:
        """A letter that was read before, but not sorted."""
        at = self._first_day + timedelta(days=self._days.pop(), minutes=self._rng.randrange(7 * 60, 22 * 60))
        key = f"{at:%y%m%d%H%M}.{self._rng.randrange(16**6):06x}@{address.split('@')[1]}"
        whole = f"Dear {self._recipient},\n\n{text}\n\nKind regards\n{sender}" + (f"\n{signature}" if signature else "")
        return Letter(key, sender, address, at, subject, whole)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person in an address book."""

    first: str
    last: str
    address: str
    phone: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def uid(self) -> str:
        """The key of the card in its book."""
        return f"uid-{self.first}-{self.last}".lower()


@dataclass(frozen=True, slots=True)
class MailFilter:
    """A filter that moves letters into a folder where, for example, `field` "subject" `comparison` "contains" `value`."""

    name: str
    field: str
    comparison: str
    value: str
    folder: str


def profile(
    account: Account,
    folders: Mapping[str, Sequence[Letter]],
    *,
    filters: Sequence[MailFilter] = (),
    contacts: Sequence[Contact] = (),
    lists: Mapping[str, Sequence[Contact]] | None = None,
) -> dict[str, bytes]:
    """All files by their paths below the profile; Thunderbird starts on the first of the folders.

    Args:
        lists: mailing lists of the personal address book by name.
    """
    files = {
        "prefs.js": _preferences(account).encode(),
        "session.json": _session(account.uri(next(iter(folders)))).encode(),
        "abook.sqlite": address_book(contacts, lists or {}),
    }
    files |= {f"{account.mail}/{name}": mailbox(account, letters) for name, letters in folders.items()}
    if filters:
        files[f"{account.mail}/msgFilterRules.dat"] = filter_rules(account, filters)
    return files


def mailbox(account: Account, letters: Sequence[Letter]) -> bytes:
    """A folder of letters as an mbox file."""
    return "".join(_in_mailbox(account, letter) for letter in letters).encode()


def filter_rules(account: Account, filters: Sequence[MailFilter]) -> bytes:
    """The account's file of filters, each for mail that comes and for a run by hand."""
    rules = (
        f'name="{rule.name}"\nenabled="yes"\ntype="17"\naction="Move to folder"\n'
        f'actionValue="{account.uri(rule.folder)}"\ncondition="AND ({rule.field},{rule.comparison},{rule.value})"\n'
        for rule in filters
    )
    return ('version="9"\nlogging="no"\n' + "".join(rules)).encode()


def address_book(contacts: Sequence[Contact], lists: Mapping[str, Sequence[Contact]]) -> bytes:
    """An address book, an SQLite database with a vCard for each person."""
    with closing(sqlite3.connect(":memory:")) as book:
        book.executescript(
            "PRAGMA user_version = 4;"
            "CREATE TABLE properties (card TEXT, name TEXT, value TEXT);"
            "CREATE TABLE lists (uid TEXT PRIMARY KEY, name TEXT, nickName TEXT, description TEXT);"
            "CREATE TABLE list_cards (list TEXT, card TEXT, PRIMARY KEY (list, card));"
            "CREATE INDEX properties_card ON properties(card);"
            "CREATE INDEX properties_name ON properties(name);"
        )
        for contact in contacts:
            book.executemany("INSERT INTO properties VALUES (?, ?, ?)", _properties(contact))
        for name, members in lists.items():
            book.execute("INSERT INTO lists VALUES (?, ?, '', '')", (f"list-{name.lower()}", name))
            book.executemany("INSERT INTO list_cards VALUES (?, ?)", [(f"list-{name.lower()}", card.uid) for card in members])
        book.commit()
        return book.serialize()


def _in_mailbox(account: Account, letter: Letter) -> str:
    flags = _READ * letter.is_read | _STARRED * letter.is_starred
    return (
        f"From - {letter.at:%a %b %d %H:%M:%S %Y}\n"
        f"X-Mozilla-Status: {flags:04x}\n"
        "X-Mozilla-Status2: 00000000\n"
        f"X-Mozilla-Keys: {_NO_TAGS}\n"
        f"Message-ID: <{letter.id}>\n"
        f"Date: {letter.at:%a, %d %b %Y %H:%M:%S} +0000\n"
        f"From: {letter.sender} <{letter.address}>\n"
        f"To: {account.name} <{account.address}>\n"
        f"Subject: {letter.subject}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        f"\n{letter.text}\n\n"
    )


def _properties(contact: Contact) -> list[tuple[str, str, str]]:
    phone = f"TEL;TYPE=cell;VALUE=TEXT:{contact.phone}\r\n" if contact.phone else ""
    card = (
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nN:{contact.last};{contact.first};;;\r\nFN:{contact.name}\r\n"
        f"EMAIL;PREF=1:{contact.address}\r\n{phone}UID:{contact.uid}\r\nEND:VCARD\r\n"
    )
    properties = {
        "DisplayName": contact.name,
        "FirstName": contact.first,
        "LastName": contact.last,
        "PrimaryEmail": contact.address,
        "PopularityIndex": "0",
        "_vCard": card,
    }
    return [(contact.uid, name, value) for name, value in properties.items()]


def _preferences(account: Account) -> str:
    preferences: dict[str, str | bool] = {
        "mail.accountmanager.accounts": "account1,account2",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.accountmanager.localfoldersserver": "server2",
        "mail.account.account1.identities": "id1",
        "mail.account.account1.server": "server1",
        "mail.account.account2.server": "server2",
        "mail.identity.id1.fullName": account.name,
        "mail.identity.id1.useremail": account.address,
        "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.valid": True,
        "mail.server.server1.check_new_mail": False,
        "mail.server.server1.directory-rel": f"[ProfD]{account.mail}",
        "mail.server.server1.hostname": account.server,
        "mail.server.server1.login_at_startup": False,
        "mail.server.server1.name": account.address,
        "mail.server.server1.type": "pop3",
        "mail.server.server1.userName": account.user,
        "mail.server.server2.directory-rel": "[ProfD]Mail/Local Folders",
        "mail.server.server2.hostname": "Local Folders",
        "mail.server.server2.name": "Local Folders",
        "mail.server.server2.type": "none",
        "mail.server.server2.userName": "nobody",
        "mail.smtpserver.smtp1.hostname": account.server,
        "mail.smtpserver.smtp1.username": account.user,
        "mail.smtpservers": "smtp1",
    }
    return "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())


def _session(folder: str) -> str:
    """The tabs that Thunderbird takes up again: its first one, on this folder."""
    state = {"firstTab": True, "folderPaneVisible": True, "folderURI": folder, "messagePaneVisible": True}
    tabs = {"rev": 0, "selectedIndex": 0, "tabs": [{"mode": "mail3PaneTab", "state": state, "ext": {}}]}
    return json.dumps({"rev": 0, "windows": [{"type": "3pane", "tabs": tabs}]})
