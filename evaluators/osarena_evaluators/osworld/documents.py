"""Documents of Writer, by the public names of their metrics.

They lie in three modules: those that compare texts, those that look at how text looks, and those that look at what else is in
a document.
"""

from __future__ import annotations

from collections.abc import Mapping

from osarena_evaluators.osworld._document_looks import (
    check_highlighted_words,
    check_italic_font_size_14,
    check_tabstops,
    compare_font_names,
    compare_highlighted_text,
    compare_line_spacing,
    compare_subscript_contains,
    evaluate_alignment,
    evaluate_colored_words_in_tables,
    evaluate_conversion,
    evaluate_spacing,
    evaluate_strike_through_last_paragraph,
    is_first_line_centered,
)
from osarena_evaluators.osworld._document_objects import (
    compare_contains_image,
    compare_docx_images,
    compare_insert_equation,
    contains_page_break,
    find_default_font,
    has_page_numbers_in_footers,
)
from osarena_evaluators.osworld._document_texts import (
    check_no_duplicates,
    compare_docx_files,
    compare_docx_files_and_ignore_new_lines,
    compare_docx_lines,
    compare_docx_tables,
    compare_init_lines,
    compare_references,
    compare_unique_train_records,
    fuzzy_place_math,
    get_unique_train_ids,
)

__all__ = [
    "DEVIATIONS",
    "check_highlighted_words",
    "check_italic_font_size_14",
    "check_no_duplicates",
    "check_tabstops",
    "compare_contains_image",
    "compare_docx_files",
    "compare_docx_files_and_ignore_new_lines",
    "compare_docx_images",
    "compare_docx_lines",
    "compare_docx_tables",
    "compare_font_names",
    "compare_highlighted_text",
    "compare_init_lines",
    "compare_insert_equation",
    "compare_line_spacing",
    "compare_references",
    "compare_subscript_contains",
    "compare_unique_train_records",
    "contains_page_break",
    "evaluate_alignment",
    "evaluate_colored_words_in_tables",
    "evaluate_conversion",
    "evaluate_spacing",
    "evaluate_strike_through_last_paragraph",
    "find_default_font",
    "fuzzy_place_math",
    "get_unique_train_ids",
    "has_page_numbers_in_footers",
    "is_first_line_centered",
]

DEVIATIONS: Mapping[str, str] = {
    "compare_docx_files": (
        "The public one does not see text in tables, in tracked insertions and in form fields of a .docx, and headings of an "
        ".odt; ours sees what is shown. So do all others here that compare texts first."
    ),
    "compare_docx_files_and_ignore_new_lines": "The public one does not see text in tables and in tracked insertions; ours does.",
    "compare_init_lines": (
        "The public one stops where the shorter document ends, so that an empty one passes; ours wants all expected paragraphs."
    ),
    "compare_docx_lines": "The public one does not count how often a line is there; ours does.",
    "compare_references": "The public one starts below the first paragraph 'References'; ours below the last.",
    "check_no_duplicates": (
        "The public one takes its arguments the other way round than a check gives them, so that duplicates pass; "
        "ours looks for them in the agent's document."
    ),
    "fuzzy_place_math": "The public one lets three words be the same answer; ours wants three answers where there are that many.",
    "compare_line_spacing": "The public one does not see spacing that comes from a style; ours does.",
    "compare_font_names": (
        "The public one does not see fonts that come from a style, and passes a document without text; ours does not."
    ),
    "compare_subscript_contains": (
        "The public one is content with one place that both documents have below the line; ours wants all."
    ),
    "is_first_line_centered": (
        "The public one looks at the first paragraph though it be empty; ours at the first with text, and at its style."
    ),
    "check_italic_font_size_14": (
        "The public one passes where nothing is italic, and does not see styles; ours wants some italic text."
    ),
    "evaluate_strike_through_last_paragraph": (
        "The public one passes where the last paragraph is empty; ours looks at the last with text."
    ),
    "evaluate_spacing": "The public one counts empty paragraphs, and does not see styles; ours counts those with text.",
    "evaluate_conversion": "The public one looks at runs, as programs happen to cut them; ours at words.",
    "evaluate_alignment": "The public one cannot fail; ours wants the first three words of each sentence set apart.",
    "evaluate_colored_words_in_tables": (
        "The public one takes runs for words, as programs happen to cut them; ours looks at words."
    ),
    "check_highlighted_words": "The public one looks at spans alone, not at paragraphs nor at named styles; ours at all text.",
    "compare_highlighted_text": (
        "The public one compares the first part of each run, each text once, in any order; ours compares all."
    ),
    "contains_page_break": "The public one fails where no page break is expected and there is none; ours gives 1.",
    "has_page_numbers_in_footers": "The public one takes any digit in a footer for the page's number; ours wants a field.",
    "compare_docx_images": "The public one compares files of pictures in the order of their insertion; ours what is shown.",
    "compare_contains_image": (
        "The public one compares run by run as far as both documents go; ours by paragraphs with their text."
    ),
    "compare_insert_equation": (
        "The public one sees embedded objects alone, not the equations that programs write today; ours sees both."
    ),
}
