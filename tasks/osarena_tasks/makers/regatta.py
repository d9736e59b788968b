"""The mail of a rowing club's secretary before its regatta: entries, other letters about the day, and a newsletter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Any

from osarena.tasks.model import maker
from osarena_tasks.makers._thunderbird import Account, Letter, MailFilter, Post, profile

_HOSTS = (("Alder Weir Rowing Club", "alderweir.example"), ("Longreach Boat Club", "longreach.example"))
_SECRETARIES = ("Jo Lindqvist", "Robin Achterberg", "Sam Oyelaran")
_ENTRY_FOLDERS = ("Entries", "Crews", "Regatta entries")
_NEWS_FOLDERS = ("Newsletters", "Reading", "Press")
_PAPERS = (
    ("Rowing Weekly", "rowingweekly.example"),
    ("The Sculler", "thesculler.example"),
    ("Blade & Hull", "bladehull.example"),
)
_CLUBS = (
    ("Otterbank Rowing Club", "otterbank.example"),
    ("Reedham Rowers", "reedhamrowers.example"),
    ("Willow Lock Boat Club", "willowlock.example"),
    ("Kingfisher Rowing Club", "kingfisher-rc.example"),
    ("Saltmarsh Scullers", "saltmarsh.example"),
    ("Millpond Rowing Club", "millpond.example"),
    ("Abbey Bridge Boat Club", "abbeybridge.example"),
    ("Heron Island Rowers", "heronisland.example"),
)
_PEOPLE = ("Alec Marsh", "Bea Holt", "Carlos Vega", "Dinah Wood", "Emil Sand", "Fay Okafor", "Gus Petty", "Hana Kim", "Ivo Lang")
_SUBJECTS = ("Your regatta", "Regatta day", "Boats and crews", "The regatta", "Question and news", "Hello again", "Race day")
_ENTRIES = (
    "We would like to enter a coxed four and a double scull for your regatta.",
    "Please put our eight down for the novice races; the crew list follows this week.",
    "Our quad is coming again this year: four rowers, all over eighteen, for the afternoon races.",
    "This is to enter our junior double for the morning races.",
    "Two of our scullers want to race at your regatta. Please enter both of them for the singles.",
    "Count us in with a mixed four, the same crew as last year.",
)
_QUESTIONS = (
    "Where may we leave the trailer over night?",
    "Is there a scale for the coxes at your boathouse, or shall we bring ours?",
    "May our juniors put up their tents on the meadow on Friday?",
    "At what time do the umpires meet the crews?",
    "Do we pay in advance, or on the day?",
)
_REMARKS = (
    "The fee was paid this morning.",
    "We bring our own boats and oars, so there is nothing for you to do.",
    "Our cox has her certificate with her.",
    "We look forward to a fine day on your water.",
    "Last year's tea tent is still talked about here.",
)
# Each mentions the regatta, and enters nobody.
_MENTIONS = (
    "This year we have to stay away from your regatta: half of our four is ill. Next year we will be back.",
    "Two of our members would like to watch your regatta from the meadow. When does the first race start?",
    "We can lend you our safety launch for your regatta, with a driver, as last year. Shall we?",
    "Our own regatta is a week after yours, so no boat of ours will be on your water. Is your start pontoon free to borrow?",
)
_ISSUES = ("The season opens", "Ten regattas to see this year", "How to rig a quad", "Blades compared", "Winter training")
_OTHERS = (
    ("Key of the boathouse", "I still have the spare key of the boathouse. Shall I bring it on Thursday?"),
    ("Oars", "The four new oars are ready. You can fetch them any day before six."),
    ("Minutes", "The minutes of the last meeting are on the board in the hall."),
)
_FILTER_NAMES = ("Paper", "News", "To read")
_THIS_YEAR = datetime(2025, 4, 28, tzinfo=UTC)
_LAST_YEAR = datetime(2024, 5, 6, tzinfo=UTC)
# How a filter may look for an address: what each does with it is the same.
_COMPARISONS = ("is", "contains", "begins with", "ends with")


@maker
def entries(rng: Random) -> Mapping[str, Any]:
    """An inbox with four entries, two of them with a question, and eight other letters; a folder for each kind of letter.

    Returns:
        What is found: `files` (below the profile). What is asked for: `club`, `entry_folder`, `news_folder`, `news_address`,
        `filter_name`. Help for plays: `account`, `paper_domain`, and lists of letters by their labels: `entered`,
        `asking` and `plain` (entries with and without a question), `news`, `mentioned`. What must be there in the end: `mail`
        (the folder of the store), `places` (folder to ids), `starred` (ids), and `filters`, all the lists of filters that do.
    """
    club, domain = rng.choice(_HOSTS)
    account = Account(rng.choice(_SECRETARIES), f"secretary@{domain}")
    entry_folder, news_folder, filter_name = rng.choice(_ENTRY_FOLDERS), rng.choice(_NEWS_FOLDERS), rng.choice(_FILTER_NAMES)
    paper, paper_domain = rng.choice(_PAPERS)
    write, wrote = Post(rng, account.name, _THIS_YEAR), Post(rng, account.name, _LAST_YEAR)
    entered, mentioned = _letters_of_clubs(rng, write)
    issues = rng.sample(_ISSUES, 4)
    news = [write.letter(paper, f"news@{paper_domain}", issue, _front_page(issue)) for issue in issues[1:]]
    others = [
        write.letter(paper, f"subscriptions@{paper_domain}", "Your subscription", f"Your subscription to {paper} ends in July."),
        write.letter(rng.choice(_PEOPLE), f"office@{domain}", *rng.choice(_OTHERS)),
    ]
    folders = {
        "Inbox": sorted([*entered, *mentioned, *news, *others], key=lambda letter: letter.at),
        entry_folder: [wrote.letter(rng.choice(_PEOPLE), "rowing@oldmill.example", rng.choice(_SUBJECTS), rng.choice(_ENTRIES))],
        news_folder: [wrote.letter(paper, f"news@{paper_domain}", issues[0], _front_page(issues[0]))],
        "Invoices": [wrote.letter("Oar & Rigger", "bills@oarandrigger.example", "Invoice 88", "For two scull blades: 412.00")],
    }
    bills = MailFilter("Invoices", "subject", "contains", "invoice", "Invoices")
    sorted_in = {"Inbox": [*mentioned, *others], entry_folder: entered, news_folder: news, "Invoices": []}
    return {
        "files": profile(account, folders, filters=[bills]),
        "club": club,
        "entry_folder": entry_folder,
        "news_folder": news_folder,
        "news_address": f"news@{paper_domain}",
        "filter_name": filter_name,
        "account": account.address,
        "paper_domain": paper_domain,
        "entered": [letter.label for letter in entered],
        "plain": [letter.label for letter in entered[2:]],
        "asking": [letter.label for letter in entered[:2]],
        "news": [letter.label for letter in news],
        "mentioned": [letter.label for letter in mentioned],
        "mail": account.mail,
        "places": {
            folder: sorted(letter.id for letter in [*letters, *(folders[folder] if folder != "Inbox" else [])])
            for folder, letters in sorted_in.items()
        },
        "starred": sorted(letter.id for letter in entered[:2]),
        "filters": _filters_that_do(account, bills, filter_name, f"news@{paper_domain}", news_folder),
    }


def _letters_of_clubs(rng: Random, post: Post) -> tuple[list[Letter], list[Letter]]:
    """Four letters that enter a crew, the first two with a question, and three that only mention the regatta."""
    additions = [*rng.sample(_QUESTIONS, 2), *rng.sample(_REMARKS, 2)]
    entering = [" ".join(rng.sample(pair, 2)) for pair in zip(rng.sample(_ENTRIES, 4), additions, strict=True)]
    texts = [*entering, *rng.sample(_MENTIONS, 3)]
    people, subjects = (rng.sample(words, len(texts)) for words in (_PEOPLE, _SUBJECTS))
    letters = [
        post.letter(person, f"rowing@{domain}", subject, text, signature=club)
        for (club, domain), person, subject, text in zip(rng.sample(_CLUBS, len(texts)), people, subjects, texts, strict=True)
    ]
    return letters[:4], letters[4:]


def _filters_that_do(account: Account, there: MailFilter, name: str, address: str, folder: str) -> list[list[dict[str, Any]]]:
    """The lists of filters, as a reader gives them, that keep the one that was there and move what comes from an address."""
    old = _as_read(account, there)
    wanted = [
        _as_read(account, MailFilter(name, "from", comparison, address, folder)) | {"match": match}
        for comparison, match in product(_COMPARISONS, ("all", "any"))
    ]
    return [filters for new in wanted for filters in ([new, old], [old, new])]


def _as_read(account: Account, rule: MailFilter) -> dict[str, Any]:
    return {
        "name": rule.name,
        "enabled": True,
        "new_mail": True,
        "actions": [["Move to folder", account.uri(rule.folder)]],
        "match": "all",
        "conditions": [[rule.field, rule.comparison, rule.value]],
    }


def _front_page(issue: str) -> str:
    return f"This week: {issue[0].lower()}{issue[1:]}. Read on at the boathouse, where the printed copy lies on the table."
