"""Cases of texts."""

from __future__ import annotations

from tests.support.cases import differs, fails, holds, malformed, reads, unusable

READERS = {
    "text": [
        reads(b"a\r\nb\rc\n", "a\nb\nc\n"),
        reads("żółw".encode(), "żółw"),
        reads("żółw".encode("utf-8-sig"), "żółw"),
        reads("żółw".encode("utf-16"), "żółw"),
        reads("żółw".encode("utf-32"), "żółw"),
        reads(b"\xe9", "é", encoding="latin-1"),
        reads(b"", ""),
        differs(b"a \n", "a \n"),
        malformed(b"\xe9", "it is not text in utf-8"),
        malformed(b"\xff\xfea", "it is not text in utf-16"),
    ],
    "text.lines": [
        reads(b"a\n\nb\n", ["a", "", "b"]),
        reads(b"a", ["a"]),
        reads(b"", []),
        differs(b"a\n\n", ["a", ""]),
        malformed(b"\xe9", "it is not text in utf-8"),
    ],
}

TWO_LINES = "one\ntwo"
METRICS = {
    "text.same": [
        holds("one\ntwo\n", TWO_LINES),
        holds("one  \r\ntwo\n\n", TWO_LINES),
        holds("ONE\nTwo", TWO_LINES, ignore_case=True),
        holds(" one two ", TWO_LINES, ignore_space=True),
        fails("one\n two", TWO_LINES, words="line 2: expected 'two', found ' two'"),
        fails("one", TWO_LINES, words="line 2: expected 'two', found the end"),
        fails("one\ntwo\nthree", TWO_LINES, words="line 3: expected the end, found 'three'"),
        fails("", TWO_LINES, words="line 1: expected 'one', found ''"),
        unusable(3, TWO_LINES, words="expected text, found 3"),
    ],
    "text.contains": [
        holds("Hello there", "there"),
        holds("Hello there", ["HELLO", "there"], ignore_case=True),
        fails("Hello", ["Hello", "there"], words="expected 'there' in 'Hello'"),
        unusable(["there"], "there", words="expected text, found ['there']"),
    ],
    "text.lacks": [
        holds("Hello", ["there"]),
        fails("Hello", "hell", ignore_case=True, words="'hell' should not be in 'Hello'"),
        unusable(None, "there", words="expected text, found None"),
    ],
    "text.matches": [
        holds(" 12:30\n", r"\d\d:\d\d"),
        fails("12:3", r"\d\d:\d\d", words=r"expected text that matches '\\d\\d:\\d\\d', found '12:3'"),
        unusable(12, r"\d\d", words="expected text, found 12"),
    ],
    "text.number": [
        holds("It is 1,234.50 in all.", 1234.5),
        holds("1234.5", 1234.5),
        holds("1234.50 - yes, 1,234.5", 1234.5),
        holds("about 3.14", 3.1416, tolerance=0.01),
        holds("−3", -3),  # with a real minus sign
        fails("1 234.5", 1234.5, words="expected the number 1234.5 and no other"),
        fails("-1234.5", 1234.5, words="expected the number 1234.5 and no other"),
        fails("1234.5 of 2000", 1234.5, words="expected the number 1234.5 and no other"),
        fails("none", 1234.5, words="found 'none'"),
        fails("", 1234.5, words="found ''"),
        unusable(1234.5, 1234.5, words="expected text, found 1234.5"),
    ],
    "text.similar": [
        holds("a b c d", "a  b c\nd"),
        fails("a b c x", "a b c d", score=0.75, words="75% of the words are the same"),
        fails("a b c x", "a b c d", at_least=0.8, words="75% of the words are the same"),
        unusable({"a": 1}, "a", words="expected text, found {'a': 1}"),
    ],
}
