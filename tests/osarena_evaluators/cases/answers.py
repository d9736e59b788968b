"""Cases of what an agent answers."""

from __future__ import annotations

from datetime import date

from tests.support.cases import fails, holds, unusable

WELLS = ["Ash Hollow", "Ash", "Birch End", "St. Anne's"]
LONG = "x" * 20_001

METRICS = {
    "answers.phrase": [
        holds("The Ash-Hollow.", "ash hollow"),
        holds("  ST ANNE’S ", "St. Anne's"),
        holds("Cafe\u0301", "CAFÉ"),
        holds("ash", ["Ash Hollow", "Ash"]),
        fails("It is Ash Hollow", "Ash Hollow", words="expected 'Ash Hollow', found 'It is Ash Hollow'"),
        fails("", "Ash", words="expected 'Ash', found ''"),
        unusable(3, "3", words="expected text, found 3"),
        unusable(LONG, "x", words="the answer has 20001 characters, which is too much to look at"),
    ],
    "answers.chooses": [
        holds("The deepest well is Ash Hollow, at 12 m.", "Ash Hollow", among=WELLS),
        holds("it's st annes", "St. Anne's", among=WELLS),
        holds("Ash", "Ash", among=WELLS),
        fails("Ash Hollow or Birch End", "Ash Hollow", among=WELLS, words="it names ['birch end']"),
        fails("Ash Hollow; Ash", "Ash Hollow", among=WELLS, words="it names ['ash']"),
        fails("Ash Hollow", "Ash", among=WELLS, words="it names ['ash hollow']"),
        fails("Ashes", "Ash", among=WELLS, words="expected 'Ash' in 'Ashes'"),
        unusable(None, "Ash", among=WELLS, words="expected text, found None"),
    ],
    "answers.day": [
        holds("It was on Sunday, 3 May 2026.", date(2026, 5, 3)),
        holds("May 3rd, 2026", "2026-05-03"),
        holds("2026-05-03 (that is 3.5.2026)", "2026-05-03"),
        holds("03/05/2026", "2026-05-03"),
        holds("05/03/2026", "2026-05-03", day_first=False),
        fails("3 or 4 May 2026; 5 May 2026", "2026-05-03", words="expected 2026-05-03 and no other date"),
        fails("3 May", "2026-05-03", words="found '3 May'"),
        fails("31 February 2026", "2026-02-28", words="found '31 February 2026'"),
        unusable(20260503, "2026-05-03", words="expected text, found 20260503"),
    ],
    "answers.items": [
        holds("Apples, pears and Milk.", ["milk", "apples", "pears"]),
        holds("- pears\n2) apples\n* milk\n", ["milk", "apples", "pears"]),
        holds("salt and pepper; milk", ["milk", "Salt and pepper"]),
        holds("a; b", ["A", "B"], ordered=True),
        fails("apples, apples", ["apples", "milk"], words="missing: ['milk']; should not be there: ['apples']"),
        fails("b; a", ["a", "b"], ordered=True, words="in this order"),
        unusable(["apples"], ["apples"], words="expected text, found ['apples']"),
    ],
}
