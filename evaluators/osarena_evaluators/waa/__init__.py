"""WindowsAgentArena's metrics by their public names: `score(name, actual, expected=None, **options)` calls any of them.

Most are OSWorld's as they are, in `osarena_evaluators.osworld`. Here are those that are WindowsAgentArena's own, or that do
something else under the same name:

=============  ==================================================================================================
module         what its metrics look at
=============  ==================================================================================================
`values`       `exact_match`, with which most of its getters' values are compared
`browser`      bookmarks, cookies, history, shortcuts, Edge's font
`vlc`          settings of VLC on Windows
=============  ==================================================================================================

`names` says which is which, and finds them; the modules' `DEVIATIONS` say what differs from the public functions.
"""

from __future__ import annotations

from typing import Any


def score(name: str, actual: Any, expected: Any = None, **options: Any) -> float:
    """The score in [0, 1] of the metric with a public name, for local files or values.

    ::

        score("compare_table", "out.xlsx", "gold.xlsx", rules=[{"type": "sheet_name"}])
        score("exact_match", "true", {"expected": True})

    The arguments are as for `osarena_evaluators.osworld.score`.

    Raises:
        UsageError: there is no such metric, or it takes no such option.
        EvidenceMissing: `actual` is not there or cannot be used.
        CheckerError: `expected` or an option is not there or cannot be used.
    """
    from osarena_evaluators.osworld.scoring import judge_by
    from osarena_evaluators.waa.names import find_metric

    return judge_by(find_metric(name), name, actual, expected, options).score
