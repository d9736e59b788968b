"""Which of WindowsAgentArena's public names is OSWorld's metric of that name, which is its own, and finding them.

`infeasible`, the 45th, is no metric: a check says `{"infeasible": reason}`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from osarena.errors import UsageError
from osarena_evaluators.osworld import names as osworld
from osarena_evaluators.osworld.names import Metric

# OSWorld's, as they are.
SAME = frozenset(
    """
    check_direct_json_object check_enabled_experiments check_font_size check_global_key_play_pause check_highlighted_words
    check_italic_font_size_14 check_json_keybindings check_json_settings check_one_instance_when_started_from_file
    check_qt_bgcone check_qt_max_volume check_qt_minimal_view check_qt_slider_colours check_tabstops compare_audios
    compare_docx_files compare_docx_tables compare_font_names compare_highlighted_text compare_images compare_line_spacing
    compare_pdfs compare_subscript_contains compare_table compare_text_file compare_videos compare_zip_files
    evaluate_strike_through_last_paragraph find_default_font has_page_numbers_in_footers is_added_to_steam_cart
    is_expected_active_tab is_expected_tabs is_extension_installed is_first_line_centered
    """.split()
)
# The module here of each of the others.
OWN: Mapping[str, str] = MappingProxyType(
    {
        "check_edge_font_size": "browser",
        "check_history_deleted": "browser",
        "check_qt_video_resize": "vlc",
        "exact_match": "values",
        "is_cookie_deleted": "browser",
        "is_expected_bookmarks": "browser",
        "is_shortcut_on_desktop": "browser",
        "is_url_shortcut_on_desktop": "browser",
        "is_vlc_recordings_folder": "vlc",
    }
)
NAMES = SAME | OWN.keys()


def find_metric(name: str) -> Metric:
    """The metric of a public name.

    Raises:
        UsageError: there is none of this name; the text names the closest ones.
    """
    if name in SAME:
        return osworld.find_metric(name)
    if name not in OWN:
        close = difflib.get_close_matches(name, NAMES, n=3, cutoff=0.5)
        raise UsageError(
            f"WindowsAgentArena has no metric {name!r}" + (f"; did you mean {', '.join(sorted(close))}?" if close else "")
        )
    found: Metric = getattr(import_module(f"{__package__}.{OWN[name]}"), name)
    return found


def deviations() -> dict[str, str]:
    """What is different here by default, by public name: what the public function does, and what ours does."""
    own = {
        name: words
        for module in dict.fromkeys(OWN.values())
        for name, words in import_module(f"{__package__}.{module}").DEVIATIONS.items()
    }
    same = {name: words for name, words in osworld.deviations().items() if name in SAME}
    return dict(sorted({**same, **own}.items()))
