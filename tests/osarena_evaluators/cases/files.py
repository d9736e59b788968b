"""Cases of folders and what is in them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from hashlib import sha256

from tests.support.cases import differs, fails, holds, lacks, malformed, reads, unusable
from tests.support.office import archive, tar

FOLDER = archive({"a.txt": "one\n", "Repairs/": "", "Repairs/b.txt": "two", "Empty/": "", ".~lock.a.txt#": "me", "x/.git/c": ""})
MEMBERS = {"./a.txt": "one\n", "./Empty/": "", "Repairs/b.txt": "two"}
TARS = [tar(MEMBERS, mode=mode) for mode in ("w", "w:gz", "w:bz2", "w:xz")]
NO_ARCHIVE = malformed(b"PK", "it is not a readable archive")
BOMB = gzip.compress(bytes(129 << 20), 1)
NO_TAR = (
    malformed(TARS[1][:50], "it is not a readable archive"),
    malformed(TARS[3][:50], "it is not a readable archive"),
    malformed(b"BZh9" + bytes(50), "it is not a readable archive"),
    malformed(TARS[0][:600], "it is not a readable archive"),
    malformed(BOMB, "it unpacks to more than 134217728 bytes, which is too much to look at"),
)
LISTING = json.dumps(
    [
        {"path": "run.sh", "kind": "file", "size": 3, "mtime": 1.7e9, "mode": 0o100755},
        {"path": "docs", "kind": "folder", "size": 0, "mtime": 1.7e9, "mode": 0o40700},
        {"path": "docs/.secret", "kind": "file", "size": 1, "mtime": 0.5, "mode": 0o600},
    ]
).encode()
NO_LISTING = (
    malformed(b"x", "it is no listing of a folder"),
    malformed(b'[{"path": "a"}]', "it is no listing of a folder: KeyError('kind')"),
    malformed(LISTING.replace(b"0.5", b"1e300"), "it is no listing of a folder"),
    malformed(LISTING.replace(b"0.5", b"NaN"), "it is no listing of a folder"),
)
THEN = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SCRIPT = {"path": "run.sh", "kind": "file", "size": 3, "modified": THEN, "permissions": "rwxr-xr-x"}
DOCS = {"path": "docs", "kind": "folder", "size": 0, "modified": THEN, "permissions": "rwx------"}

READERS = {
    "files.paths": [
        reads(FOLDER, ["Empty/", "Repairs/b.txt", "a.txt"]),
        reads(FOLDER, [".~lock.a.txt#", "Empty/", "Repairs/b.txt", "a.txt", "x/.git/c"], hidden=True),
        reads(FOLDER, ["Empty/", "a.txt"], ignore=["Repairs/*"]),
        *(reads(data, ["Empty/", "Repairs/b.txt", "a.txt"]) for data in TARS),
        differs(archive({"b/": "", "b/c/": ""}), ["b/c/"]),
        NO_ARCHIVE,
        *NO_TAR,
    ],
    "files.texts": [
        reads(FOLDER, {"a.txt": "one\n", "Repairs/b.txt": "two"}),
        reads(FOLDER, {"Repairs/b.txt": "two"}, only=["Repairs/b.txt", "gone.txt"]),
        *(reads(data, {"a.txt": "one\n", "Repairs/b.txt": "two"}) for data in TARS),
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
        reads(FOLDER, b"one\n", name="a.txt"),
        lacks(FOLDER, "gone.txt cannot be read from the archive", name="gone.txt"),
        malformed(b"PK", "it is not a readable archive", name="a.txt"),
    ],
}
READERS |= {
    "listings.entries": [
        reads(LISTING, [SCRIPT, DOCS]),
        differs(LISTING, [DOCS], ignore=["*.sh"]),
        differs(b"[]", []),
        *NO_LISTING,
    ],
    "listings.permissions": [
        reads(LISTING, {"run.sh": "rwxr-xr-x", "docs": "rwx------", "docs/.secret": "rw-------"}, hidden=True),
        differs(LISTING, {"docs": "rwx------"}, ignore=["*.sh"]),
        *NO_LISTING,
    ],
    "listings.modified": [reads(LISTING, {"run.sh": THEN}), differs(b"[]", {}), *NO_LISTING],
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
