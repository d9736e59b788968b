"""OSWorld's metrics by their public names: `score(name, actual, expected=None, **options)` calls any of them.

=============  ==================================================================================================
module         what its metrics look at
=============  ==================================================================================================
`text`         texts, lists, JSON, CSV, SQL, accessibility trees, the state of the operating system
`browser`      addresses, tabs, bookmarks, cookies, history and extensions of Chrome
`images`       pictures, also by what a program has changed in them
`media`        sound, film, and VLC
`settings`     settings of programs: VS Code, GIMP, LibreOffice, Thunderbird
`tables`       spreadsheets: `compare_table` and its rules
`documents`    documents of Writer
`slides`       presentations of Impress
`papers`       PDFs, e-books, pages and archives
=============  ==================================================================================================

`names` says which name is in which module and finds it; `score` reads files from disk. Modules whose names start with a
line are shared parts: `_files` (arguments that are files), `_rules` (the rules of task files about a single value).

A metric takes its arguments in the public order, a file as bytes. Where a public function has a fault, ours is right, and
`published=True` gives the public behaviour, to compare with old numbers; each module's `DEVIATIONS` says what differs.
"""

from __future__ import annotations

from typing import Any


def score(name: str, actual: Any, expected: Any = None, **options: Any) -> float:
    """The score in [0, 1] that OSWorld's metric `name` gives; see `osarena_evaluators.osworld.score.score`."""
    from osarena_evaluators.osworld.score import score_of

    return score_of(name, actual, expected, **options)
