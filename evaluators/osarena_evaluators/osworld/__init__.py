"""OSWorld's metrics by their public names: `score(name, actual, expected=None, **options)` calls any of them.

=============  ==================================================================================================
module         what its metrics look at
=============  ==================================================================================================
`values`       single values, lists and mappings, as a command printed them or a page showed them
`text`         files of text
`records`      JSON, YAML, CSV, databases, settings of VS Code
`trees`        accessibility trees
`system`       the clock, the clipboard, the dock, folders
`browser`      addresses, tabs, bookmarks, cookies, history, extensions, shortcuts
`images`       pictures: equal, alike, of a size, with a text on them
`edits`        what an edit has changed in a picture, and what not
`media`        sound, film, tags
`vlc`          what VLC plays, and its settings
`settings`     settings of GIMP and LibreOffice
`mail`         preferences, filters and folders of Thunderbird
`tables`       spreadsheets: `compare_table` and its rules
`documents`    documents of Writer
`slides`       presentations of Impress
`papers`       PDFs, e-books, pages and archives
=============  ==================================================================================================

`names` says which name is in which module and finds it; `scoring` reads files from disk. Modules whose names start with a
line are shared parts, such as `_files` (arguments that are files) and `_rules` (the rules of tasks about a single value).

A metric takes its arguments in the public order, a file as bytes. Where a public function has a fault, ours is right, and
`published=True` gives the public behaviour, to compare with old numbers; each module's `DEVIATIONS` says what differs.
"""

from __future__ import annotations

from typing import Any


def score(name: str, actual: Any, expected: Any = None, **options: Any) -> float:
    """The score in [0, 1] of the metric with a public name, for local files or values.

    ::

        score("compare_table", "out.xlsx", "gold.xlsx", rules=[{"type": "sheet_data", "sheet_idx0": 0, "sheet_idx1": "EI0"}])
        score("exact_match", "true\\n", {"expected": "true\\n"})
        score("is_expected_tabs", tabs, rule, published=True)

    Args:
        name: such as "compare_docx_files".
        actual: what an agent made. Where the public function takes a file it is a path, or the bytes; a folder counts as a zip
            archive of it; where it takes several, a list.
        expected: the same of the task; for most metrics without files, the rules. A metric that takes no second argument is
            given none.
        options: the public function's; `published=True` gives its behaviour where ours is different by default.

    Raises:
        UsageError: there is no such metric, or it takes no such option.
        EvidenceMissing: `actual` is not there or cannot be used.
        CheckerError: `expected` or an option is not there or cannot be used.
    """
    from osarena_evaluators.osworld.scoring import judge

    return judge(name, actual, expected, options).score
