"""The mail and address book of a choir's organiser: new singers, a new number, and who sings which voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from osarena.tasks.model import maker
from osarena_tasks.makers._thunderbird import Account, Contact, Post, profile

_CHOIRS = (
    ("Harbour Voices", "harbour.example"),
    ("St Olaf Singers", "olafsingers.example"),
    ("The Larks", "larks.example"),
)
_ORGANISERS = ("Toni Brandt", "Lou Fisher", "Maxi Duarte")
_FIRST_NAMES = (
    "Ana",
    "Bram",
    "Celia",
    "Dora",
    "Erik",
    "Freya",
    "Goran",
    "Hedda",
    "Ines",
    "Jonas",
    "Kira",
    "Leon",
    "Mila",
    "Nils",
)
_LAST_NAMES = ("Ruiz", "Vos", "Larsen", "Moreau", "Kaya", "Novak", "Ferrari", "Holm", "Silva", "Peters", "Quinn", "Sato", "Weber")
_HOMES = ("inmail.example", "postbox.example", "mailhaven.example")
_OFFICES = ("northbank.example", "cityworks.example", "brightlab.example", "oakschool.example")
_VOICES = ("Altos", "Tenors", "Sopranos")
_JOINING = (
    "I enjoyed Tuesday's rehearsal very much, and I would like to stay.",
    "After three rehearsals I am sure: I want to sing with you.",
    "Thank you for the warm welcome. Yes, please count me in from now on.",
)
_NEW_NUMBER = (
    "My old telephone lies at the bottom of the harbour. From today on you reach me on {phone}.",
    "Please note my new mobile number, {phone}; the old one goes to somebody else next week.",
)
_OTHERS = (
    ("Sheet music", "The copies of the Rutter are in the cupboard in the hall. Please bring pencils."),
    ("Key to the hall", "The caretaker is away next week; the key is with the baker next door."),
    ("Cake on Tuesday", "It is my birthday, so I bring cake. Any allergies I should know of?"),
)
_SUMMER, _AUTUMN = datetime(2025, 8, 11, tzinfo=UTC), datetime(2025, 9, 8, tzinfo=UTC)


@maker
def new_singers(rng: Random) -> Mapping[str, Any]:
    """An inbox with letters of two new singers, one with a new number, and two lists of the voices, the later one valid.

    Returns:
        What is found: `files` (below the profile). What is asked for: `choir`, `conductor`, `mover` (whose number is new),
        `voice`. Help for plays: `newcomers` (each with `first`, `last`, `address`, `phone`, `sender`, `office`), `new_phone`,
        `members` and `former_members` (addresses of the voice by the later and by the earlier list), `notice` (the label
        of the letter with the new number). What must be there in the end: `mail` (the folder of the store),
        `people`, `lists`, `places` (folder to ids).
    """
    choir, domain = rng.choice(_CHOIRS)
    account = Account(rng.choice(_ORGANISERS), f"contact@{domain}")
    conductor, mover, *singers = _people(rng, 8)
    known, newcomers = [conductor, mover, *singers[:4]], singers[4:]
    voice, other_voice = rng.sample(_VOICES, 2)
    earlier = {voice: [singers[0], singers[2], *newcomers], other_voice: [mover, singers[1], singers[3]]}
    later = {voice: [mover, singers[0], singers[1], newcomers[0]], other_voice: [singers[2], singers[3], newcomers[1]]}
    offices = [(_office_address(rng, newcomer), _phone(rng)) for newcomer in newcomers]
    new_phone = _phone(rng)

    summer, autumn = Post(rng, account.name, _SUMMER), Post(rng, account.name, _AUTUMN)
    notice = autumn.letter(mover.name, mover.address, "New number", rng.choice(_NEW_NUMBER).format(phone=new_phone))
    joining = [
        autumn.letter(newcomer.name, sender, "Joining the choir", text, signature=_signature(newcomer, office))
        for newcomer, (sender, office), text in zip(newcomers, offices, rng.sample(_JOINING, 2), strict=True)
    ]
    voices = [
        post.letter(conductor.name, conductor.address, "Voices for the concert", _division(voices))
        for post, voices in ((summer, earlier), (autumn, later))
    ]
    others = [
        summer.letter(writer.name, writer.address, *other)
        for writer, other in zip(rng.sample(known[2:], 2), rng.sample(_OTHERS, 2), strict=True)
    ]
    letters = sorted([notice, *joining, *voices, *others], key=lambda letter: letter.at)
    after = [replace(mover, phone=new_phone), conductor, *singers]
    return {
        "files": profile(account, {"Inbox": letters}, contacts=known),
        "choir": choir,
        "conductor": conductor.name,
        "mover": mover.name,
        "voice": voice,
        "newcomers": [
            asdict(card) | {"sender": sender, "office": office} for card, (sender, office) in zip(newcomers, offices, strict=True)
        ],
        "new_phone": new_phone,
        "members": [card.address for card in later[voice]],
        "former_members": [card.address for card in earlier[voice]],
        "notice": notice.label,
        "mail": account.mail,
        "people": [_as_read(card) for card in after],
        "lists": [{"name": voice, "members": sorted(card.address for card in later[voice])}],
        "places": {"Inbox": sorted(letter.id for letter in letters)},
    }


def _people(rng: Random, count: int) -> list[Contact]:
    """People with different names, of whom each has a private address and a mobile number."""
    names = zip(rng.sample(_FIRST_NAMES, count), rng.sample(_LAST_NAMES, count), strict=True)
    return [Contact(first, last, f"{first}.{last}@{rng.choice(_HOMES)}".lower(), _phone(rng)) for first, last in names]


def _phone(rng: Random) -> str:
    return f"+31 6 {rng.randrange(1000, 10_000)} {rng.randrange(1000, 10_000)}"


def _office_address(rng: Random, person: Contact) -> str:
    return f"{person.first[0]}{person.last}@{rng.choice(_OFFICES)}".lower()


def _signature(person: Contact, office: str) -> str:
    return f"\nOffice: {office}\nMobile: {person.phone}\nPrivate mail: {person.address}"


def _division(voices: Mapping[str, Sequence[Contact]]) -> str:
    lines = (f"{voice}: {', '.join(card.name for card in sorted(cards, key=str))}" for voice, cards in sorted(voices.items()))
    return "this is how I have divided the voices for the concert.\n\n" + "\n".join(lines)


def _as_read(card: Contact) -> dict[str, Any]:
    """A card as a reader gives it: numbers without spaces."""
    return {"first": card.first, "last": card.last, "addresses": [card.address], "phones": [card.phone.replace(" ", "")]}
