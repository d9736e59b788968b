"""Which public name of OSWorld's metrics is in which module here, and finding it.

`infeasible` is no metric: a check says `{"infeasible": reason}`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from osarena.errors import UsageError

_NAMES_BY_MODULE: Mapping[str, str] = MappingProxyType(
    {
        "values": """
            check_direct_json_object check_include_exclude compare_answer exact_match fuzzy_match is_in_list literal_match
            match_in_list
        """,
        "text": """
            check_line_number check_list check_python_file_by_gold_file check_python_file_by_test_suite compare_config
            compare_python_pure_text compare_result_files compare_terminal_and_txt compare_text_file diff_text_file file_contains
            is_extension_installed
        """,
        "records": """
            check_csv check_json check_json_keybindings check_json_settings is_included_all_json_objects run_sqlite3
        """,
        "trees": "check_accessibility_tree",
        "system": """
            check_file_exists check_gnome_favorite_apps check_moved_jpgs check_text_enlarged compare_time_in_speedtest_results
            is_in_vm_clickboard is_utc_0
        """,
        "browser": """
            check_enabled_experiments check_font_size check_history_deleted check_html_background_image is_added_to_steam_cart
            is_cookie_deleted is_expected_active_tab is_expected_active_tab_approximate is_expected_bookmarks
            is_expected_installed_extensions is_expected_search_query is_expected_tabs is_expected_url_pattern_match
            is_shortcut_on_desktop
        """,
        "images": """
            check_file_exists_and_structure_sim check_image_file_size check_image_size check_structure_sim
            check_structure_sim_resized check_structure_sim_with_threshold compare_image_list compare_image_text compare_images
        """,
        "edits": """
            check_brightness_decrease_and_structure_sim check_contrast_increase_and_structure_sim check_green_background
            check_image_mirror check_palette_and_structure_sim check_saturation_increase_and_structure_sim check_sharper
            check_textbox_on_leftside check_triangle_position compare_triangle_positions decrease_brightness increase_saturation
        """,
        "media": "check_mp3_meta compare_audios compare_videos",
        "vlc": """
            check_global_key_play_pause check_one_instance_when_started_from_file check_play_and_exit check_qt_bgcone
            check_qt_max_volume check_qt_minimal_view check_qt_slider_colours is_vlc_fullscreen is_vlc_playing
            is_vlc_recordings_folder
        """,
        "settings": "check_config_status check_libre_locale",
        "mail": "check_thunderbird_filter check_thunderbird_folder check_thunderbird_prefs",
        "tables": "compare_conference_city_in_order compare_csv compare_table",
        "documents": """
            check_highlighted_words check_italic_font_size_14 check_no_duplicates check_tabstops compare_contains_image
            compare_docx_files compare_docx_files_and_ignore_new_lines compare_docx_images compare_docx_lines compare_docx_tables
            compare_font_names compare_highlighted_text compare_init_lines compare_insert_equation compare_line_spacing
            compare_references compare_subscript_contains compare_unique_train_records contains_page_break
            evaluate_alignment evaluate_colored_words_in_tables evaluate_conversion evaluate_spacing
            evaluate_strike_through_last_paragraph find_default_font fuzzy_place_math get_unique_train_ids
            has_page_numbers_in_footers is_first_line_centered
        """,
        "slides": """
            check_auto_saving_time check_image_stretch_and_center check_left_panel check_page_number_colors
            check_presenter_console_disable check_slide_numbers_color check_slide_orientation_Portrait check_strikethrough
            check_transition compare_pptx_files evaluate_presentation_fill_to_rgb_distance
        """,
        "papers": """
            check_pdf_pages compare_archive compare_epub compare_htmls compare_pdf_images compare_pdfs compare_zip_files
            is_gold_text_included_in_pdf
        """,
    }
)

# Where each public name is.
MODULES: Mapping[str, str] = MappingProxyType(
    {name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()}
)

Metric = Callable[..., Any]

# Whoever finds a metric here by its name may come by any of them, so all their sources count as the caller's: see
# `osarena.tasks.digests`.
ASSETS = ("osworld",)


def find_metric(name: str) -> Metric:
    """The metric of a public name.

    Raises:
        UsageError: there is none of this name; the text names the closest ones.
    """
    function = _present(name)
    if function is None:
        raise UsageError(f"OSWorld has no metric {name!r} that is here{_closest(name)}")
    return function


def missing() -> list[str]:
    """The public names that are not here yet, sorted."""
    return sorted(name for name in MODULES if _present(name) is None)


def deviations() -> dict[str, str]:
    """What is different here by default, by public name: what the public function does, and what ours does."""
    return dict(sorted(_deviations()))


def _deviations() -> Iterator[tuple[str, str]]:
    for module_name in dict.fromkeys(MODULES.values()):
        module = _module(module_name)
        yield from getattr(module, "DEVIATIONS", {}).items()


@lru_cache(maxsize=256)
def _present(name: str) -> Metric | None:
    module = _module(MODULES[name]) if name in MODULES else None
    return getattr(module, name, None)


def _module(name: str) -> Any:
    address = f"{__package__}.{name}"
    return import_module(address) if find_spec(address) is not None else None


def _closest(name: str) -> str:
    close = difflib.get_close_matches(name, MODULES, n=3, cutoff=0.5)
    return f"; did you mean {', '.join(close)}?" if close else ""
