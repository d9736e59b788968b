"""Cases of folders and what is in them."""

from __future__ import annotations

from hashlib import sha256

from tests.support.cases import differs, fails, holds, lacks, malformed, reads, unusable
from tests.support.office import archive

FOLDER = archive({"a.txt": "one\n", "Repairs/": "", "Repairs/b.txt": "two", "Empty/": "", ".~lock.a.txt#": "me", "x/.git/c": ""})
NO_ARCHIVE = malformed(b"PK", "it is not a readable archive")

READERS = {
    "files.paths": [
        reads(FOLDER, ["Empty/", "Repairs/b.txt", "a.txt"]),
        reads(FOLDER, [".~lock.a.txt#", "Empty/", "Repairs/b.txt", "a.txt", "x/.git/c"], hidden=True),
        reads(FOLDER, ["Empty/", "a.txt"], ignore=["Repairs/*"]),
        differs(archive({"b/": "", "b/c/": ""}), ["b/c/"]),
        NO_ARCHIVE,
    ],
    "files.texts": [
        reads(FOLDER, {"a.txt": "one\n", "Repairs/b.txt": "two"}),
        reads(FOLDER, {"Repairs/b.txt": "two"}, only=["Repairs/b.txt", "gone.txt"]),
        lacks(archive({"b.bin": b"\xff"}), "b.bin: it is not text"),
        NO_ARCHIVE,
    ],
    "files.digests": [
        reads(FOLDER, {"Repairs/b.txt": sha256(b"two").hexdigest()}, ignore=["a*"]),
        reads(FOLDER, {"a.txt": sha256(b"one\n").hexdigest()}, only=["a*", "gone*"]),
        differs(archive({"b": "3"}), {"b": sha256(b"3").hexdigest()}),
        NO_ARCHIVE,
    ],
    "files.member": [
        reads(FOLDER, b"one\n", path="a.txt"),
        lacks(FOLDER, "gone.txt cannot be read from the archive", path="gone.txt"),
        malformed(b"PK", "it is not a readable archive", path="a.txt"),
    ],
}

BEFORE = {"a": "1", "b": "2", "docs/c": "3"}
METRICS = {
    "files.unchanged": [
        holds(BEFORE, BEFORE),
        holds({"a": "1", "b": "x", "docs/d": "3"}, BEFORE, but=["b", "docs/*"]),
        fails({"a": "0", "b": "2", "x": ""}, BEFORE, words="missing: ['docs/c']; new: ['x']; changed: ['a']"),
        unusable(["a"], BEFORE, words="expected names with values, found ['a']"),
    ],
}
