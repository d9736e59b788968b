"""An SQLite database of the desktop, with what is not written back into its file yet."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from osarena.errors import NoSuchFile
from osarena.grading.model import probe
from osarena.guest.client import Guest

# Beside a database may lie the pages that were written last, and the pages of a change that was not finished.
COMPANIONS = ("-wal", "-journal")


@probe
def database(guest: Guest, path: str) -> bytes:
    """A zip archive of a database: the member "main", and "main-wal" and "main-journal" where there are such files.

    A program that is ended may leave its last changes in the log beside the file (Thunderbird's address book does), so
    `file` is not enough. The readers of databases take both.

    Raises:
        NoSuchFile: there is no such file.
    """
    members = {"main": guest.read(path)}
    for ending in COMPANIONS:
        try:
            members[f"main{ending}"] = guest.read(f"{path}{ending}")
        except NoSuchFile:
            continue
    archive = io.BytesIO()
    with ZipFile(archive, "w") as packed:
        for name, data in members.items():
            packed.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return archive.getvalue()
