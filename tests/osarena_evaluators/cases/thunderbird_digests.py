"""Cases of what became of the letters of a mail store, and of the people in an address book."""

from __future__ import annotations

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.databases import database
from tests.support.office import archive

READ, STARRED, DELETED = "0001", "0005", "0009"


def letter(key: str, status: str = READ) -> str:
    return f"From - x\nX-Mozilla-Status: {status}\nMessage-ID: <{key}>\nSubject: s\n\nHello.\n\n"


STORE = archive(
    {
        "Inbox": letter("b@x", DELETED) + letter("c@x") + letter("a@x", STARRED),
        "Kept": letter("b@x", STARRED) + letter("a@x", STARRED),
        "Trash": "",
        "Inbox.msf": "x",
    }
)
NO_STORE = malformed(archive({"Inbox": "hello"}), "it is no folder of messages")

PROPERTIES = "CREATE TABLE properties (card TEXT, name TEXT, value TEXT)"
VCARD = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nN:Lee;Ann;;;\r\n"
    'EMAIL;PREF=1:ann@x.example\r\nitem1.EMAIL;TYPE="work:home":ann@\r\n y.example\r\n'
    "TEL;TYPE=cell;VALUE=TEXT:+31 6 (12) 34\r\ntel:020-5\r\nNOTE:TEL:7\r\nEND:VCARD\r\n"
)
CARDS = f"INSERT INTO properties VALUES ('1', '_vCard', '{VCARD}'), ('1', 'FirstName', 'Ann'), ('1', 'LastName', 'Lee')"
OLD_CARD = "INSERT INTO properties VALUES ('1', 'FirstName', 'Bo'), ('1', 'PrimaryEmail', 'bo@x.example')"

READERS = {
    "thunderbird.places": [
        reads(STORE, {"Inbox": ["a@x", "c@x"], "Kept": ["a@x", "b@x"]}),
        differs(archive({"Inbox": letter("c@x", DELETED), "Sent": ""}), {}),
        NO_STORE,
    ],
    "thunderbird.marked": [
        reads(STORE, ["a@x", "b@x"]),
        reads(STORE, ["a@x", "b@x", "c@x"], mark="read"),
        differs(archive({"Inbox": letter("c@x")}), []),
        NO_STORE,
    ],
    "thunderbird.people": [
        reads(
            database(PROPERTIES, CARDS),
            [{"first": "Ann", "last": "Lee", "addresses": ["ann@x.example", "ann@y.example"], "phones": ["+3161234", "0205"]}],
        ),
        differs(database(PROPERTIES, OLD_CARD), [{"first": "Bo", "last": "", "addresses": ["bo@x.example"], "phones": []}]),
        lacks(database("CREATE TABLE a (x)"), "no such table"),
        malformed(b"x", "it is not a readable archive"),
    ],
}
