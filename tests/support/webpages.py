"""Looking at HTML of our sites."""

from __future__ import annotations

import re


def unlabelled_inputs(page: str) -> list[str]:
    """The tags of inputs that assistive technology cannot name."""
    return [tag for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page) if not _is_labelled(tag, page)]


def _is_labelled(tag: str, page: str) -> bool:
    identity = re.search(r' id="([^"]+)"', tag)
    is_wrapped = re.search(r"<label[^>]*>\s*" + re.escape(tag), page) is not None
    has_label = identity is not None and f'for="{identity.group(1)}"' in page
    return 'type="hidden"' in tag or "aria-label=" in tag or is_wrapped or has_label
