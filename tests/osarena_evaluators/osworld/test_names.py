"""Every public name of OSWorld's metrics is here, and `score` calls it on local files and values."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from osarena.errors import CheckerError, EvidenceMissing, UsageError
from osarena_evaluators.osworld import score
from osarena_evaluators.osworld.names import MODULES, deviations, find_metric, missing
from osarena_evaluators.osworld.scoring import is_file, judge

# Those that tasks use, without `infeasible`, which a check tree says itself.
USED = set(
    """
    check_accessibility_tree check_auto_saving_time check_brightness_decrease_and_structure_sim check_config_status
    check_contrast_increase_and_structure_sim check_csv check_direct_json_object check_file_exists_and_structure_sim
    check_font_size check_global_key_play_pause check_gnome_favorite_apps check_green_background check_highlighted_words
    check_history_deleted check_image_file_size check_image_mirror check_image_size check_image_stretch_and_center
    check_include_exclude check_italic_font_size_14 check_json check_json_keybindings check_json_settings check_left_panel
    check_line_number check_list check_moved_jpgs check_mp3_meta check_one_instance_when_started_from_file
    check_page_number_colors check_palette_and_structure_sim check_pdf_pages check_play_and_exit
    check_presenter_console_disable check_python_file_by_test_suite check_qt_bgcone check_qt_max_volume check_qt_minimal_view
    check_qt_slider_colours check_saturation_increase_and_structure_sim check_slide_orientation_Portrait check_structure_sim
    check_structure_sim_resized check_structure_sim_with_threshold check_tabstops check_textbox_on_leftside
    check_thunderbird_filter check_thunderbird_folder check_thunderbird_prefs check_transition check_triangle_position
    compare_archive compare_audios compare_conference_city_in_order compare_config compare_csv compare_docx_files
    compare_docx_files_and_ignore_new_lines compare_docx_images compare_docx_tables compare_epub compare_font_names
    compare_htmls compare_image_list compare_image_text compare_images compare_line_spacing compare_pdf_images compare_pdfs
    compare_pptx_files compare_python_pure_text compare_references compare_result_files compare_subscript_contains
    compare_table compare_text_file compare_unique_train_records compare_videos compare_zip_files contains_page_break
    diff_text_file evaluate_colored_words_in_tables evaluate_presentation_fill_to_rgb_distance
    evaluate_strike_through_last_paragraph exact_match file_contains find_default_font fuzzy_place_math
    has_page_numbers_in_footers is_added_to_steam_cart is_cookie_deleted is_expected_active_tab
    is_expected_active_tab_approximate is_expected_bookmarks is_expected_installed_extensions is_expected_search_query
    is_expected_tabs is_expected_url_pattern_match is_extension_installed is_first_line_centered is_in_list
    is_in_vm_clickboard is_shortcut_on_desktop is_utc_0 is_vlc_fullscreen is_vlc_playing is_vlc_recordings_folder
    literal_match match_in_list run_sqlite3
    """.split()
)
EXPORTED = set(
    """
    check_enabled_experiments check_file_exists check_html_background_image check_libre_locale check_no_duplicates
    check_python_file_by_gold_file check_sharper check_slide_numbers_color check_strikethrough check_text_enlarged
    compare_answer compare_contains_image compare_docx_lines compare_highlighted_text compare_init_lines
    compare_insert_equation compare_terminal_and_txt compare_time_in_speedtest_results compare_triangle_positions
    decrease_brightness evaluate_alignment evaluate_conversion evaluate_spacing fuzzy_match get_unique_train_ids
    increase_saturation is_gold_text_included_in_pdf is_included_all_json_objects
    """.split()
)
NOT_YET: set[str] = set()
HERE = sorted(set(MODULES) - set(missing()))


def test_no_public_name_is_missing_and_there_is_no_other() -> None:
    assert (len(USED), len(EXPORTED)) == (110, 28)
    assert set(MODULES) == USED | EXPORTED
    assert set(missing()) <= NOT_YET


@pytest.mark.parametrize("name", HERE)
def test_a_metric_has_the_public_order_of_arguments_and_says_what_is_a_file(name: str) -> None:
    first, *others = inspect.signature(find_metric(name)).parameters.values()
    assert first.name == "actual"
    assert [other.name for other in others if other.kind is other.POSITIONAL_OR_KEYWORD] in ([], ["expected"])
    assert all(isinstance(one.annotation, str) for one in (first, *others))
    assert find_metric(name).__doc__


@pytest.mark.parametrize("name", HERE)
def test_what_differs_is_said_and_can_be_had_as_published(name: str) -> None:
    assert ("published" in inspect.signature(find_metric(name)).parameters) == (name in deviations())


def test_each_deviation_is_of_a_public_name_and_says_what_the_public_one_does() -> None:
    assert deviations().keys() <= MODULES.keys()
    assert [name for name, words in deviations().items() if not words.startswith("The public one")] == []


def test_an_unknown_name_is_an_error_with_the_closest_ones() -> None:
    with pytest.raises(UsageError, match=r"no metric 'compare_tables'.*did you mean compare_table"):
        find_metric("compare_tables")
    with pytest.raises(UsageError, match="no metric 'x'"):
        score("x", 1)


def test_files_are_read_from_disk_and_values_are_taken_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    (tmp_path / "b.txt").write_text("one\nthree\n")
    assert score("diff_text_file", tmp_path / "a.txt", str(tmp_path / "b.txt")) == 0.5
    assert score("diff_text_file", b"one\n", tmp_path / "a.txt") == pytest.approx(2 / 3)
    assert score("compare_text_file", tmp_path / "a.txt", b"ONE TWO", ignore_case=True, ignore_blanks=True) == 1.0
    assert score("exact_match", str(tmp_path / "a.txt"), {"expected": str(tmp_path / "a.txt")}) == 1.0
    assert score("is_utc_0", "Time zone: UTC (UTC, +0000)") == 1.0


def test_each_file_of_a_list_is_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"From - x\nSubject: {name}\n\nHi\n")
    paths = [tmp_path / "a", str(tmp_path / "b")]
    assert score("check_thunderbird_folder", paths, paths) == 1.0
    assert score("check_thunderbird_folder", paths, paths[::-1]) == 0.0


def test_a_folder_is_an_archive_of_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    assert score("check_file_exists", tmp_path, "sub/a.txt") == 1.0
    assert score("check_file_exists", tmp_path, "link.txt") == 0.0


def test_a_missing_file_is_the_agents_or_the_tasks_fault(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    with pytest.raises(EvidenceMissing, match=r"nothing.txt cannot be read: No such file"):
        score("compare_text_file", tmp_path / "nothing.txt", tmp_path / "a.txt")
    with pytest.raises(CheckerError, match=r"nothing.txt cannot be read"):
        score("compare_text_file", tmp_path / "a.txt", tmp_path / "nothing.txt")
    with pytest.raises(EvidenceMissing, match="cannot be read"):
        score("compare_text_file", "a\0b", tmp_path / "a.txt")


def test_options_are_the_public_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"takes no ignore_blank \(it takes ignore_blanks, ignore_case\)"):
        score("compare_text_file", b"a", b"a", ignore_blank=True)
    with pytest.raises(UsageError, match="takes nothing that is expected"):
        score("is_utc_0", "x", {"expected": 1})
    assert score("match_in_list", "Bi", {"expected": "Bing"}, published=True) == 1.0


def test_a_verdict_has_a_reason() -> None:
    assert judge("exact_match", "a", {"expected": "b"}, {}).reason == "expected 'b', found 'a'"


def test_arguments_that_are_files_are_marked() -> None:
    first, second, *_ = inspect.signature(find_metric("compare_image_list")).parameters.values()
    assert is_file(first)
    assert is_file(second)
    first, second = list(inspect.signature(find_metric("check_json")).parameters.values())[:2]
    assert (is_file(first), is_file(second)) == (True, False)


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'PIL', 'lxml', 'openpyxl', 'docx', 'pptx', 'pypdf', 'rapidfuzz', 'mutagen', 'yaml'}"
    program = f"import sys, osarena_evaluators.osworld, osarena_evaluators.osworld.names; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"
