"""The names of models that a user gives, and where each is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from osarena.errors import UsageError
from osarena_agents.models.service import Address

THREE_WAYS = """There are three ways to give a model:
  a vendor's              --model anthropic/NAME   with the key in ANTHROPIC_API_KEY
                          --model openai/NAME      with the key in OPENAI_API_KEY (openai-responses/NAME for its computer tools)
                          --model gemini/NAME      with the key in GEMINI_API_KEY
  a server of your own    --model http://127.0.0.1:8000/v1#NAME   that speaks OpenAI's chat protocol (vLLM, llama.cpp, Ollama)
  weights on this machine --model hf:PATH-or-NAME   or hf:BASE+ADAPTER, with pip install 'osarena[models]'"""


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where a vendor's models are, and the names of what a user can set in the environment; the first that is set counts."""

    keys: tuple[str, ...]
    base_urls: tuple[str, ...]
    base_url: str
    key_header: str
    key_prefix: str = ""


_OPENAI = Vendor(("OPENAI_API_KEY",), ("OPENAI_BASE_URL",), "https://api.openai.com/v1", "authorization", "Bearer ")
VENDORS: Mapping[str, Vendor] = {
    "openai": _OPENAI,
    "openai-responses": _OPENAI,
    "anthropic": Vendor(("ANTHROPIC_API_KEY",), ("ANTHROPIC_BASE_URL",), "https://api.anthropic.com", "x-api-key"),
    "gemini": Vendor(
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),  # in the order of Google's own library
        ("GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"),
        "https://generativelanguage.googleapis.com",
        "x-goog-api-key",
    ),
}

# The key for a server that a URL names. It is not OpenAI's: that must not go to whoever a URL points at.
_SERVER = Vendor(("OSARENA_MODEL_KEY",), (), "", "authorization", "Bearer ")


@dataclass(frozen=True, slots=True)
class Spec:
    """What a user means by a model: its kind (a vendor, ``url`` or ``hf``), and its name there."""

    text: str
    kind: str
    model: str
    base_url: str = ""

    @classmethod
    def parse(cls, text: str | None) -> Spec:
        """Read ``vendor/NAME``, ``http(s)://HOST/v1#NAME`` or ``hf:PATH-or-NAME``.

        Raises:
            UsageError: it is none of these, or a URL that holds a secret; the text shows the three ways to give a model.
        """
        text = (text or "").strip()
        if not text:
            raise UsageError(f"no model is given. {THREE_WAYS}")
        if text.startswith(("http://", "https://")):
            return cls._of_url(text)
        if text.startswith("hf:") and text != "hf:":
            return cls(text, "hf", text.removeprefix("hf:"))
        vendor, _, model = text.partition("/")
        if vendor not in VENDORS or not model:
            raise UsageError(f"{text!r} names no model. {THREE_WAYS}")
        return cls(text, vendor, model)

    @classmethod
    def _of_url(cls, text: str) -> Spec:
        """A server's URL. Names of models are written into every run, so one with a password or a query is refused."""
        base_url, _, model = text.partition("#")
        _check_url(base_url, "the URL of the model")
        if not model:
            raise UsageError(f"the URL {base_url!r} does not say which model: {base_url}#NAME")
        return cls(text, "url", model, base_url)

    def address(self, environ: Mapping[str, str]) -> Address:
        """Where the model is served, with the key from the environment.

        Raises:
            UsageError: there is no key, one that cannot be one, or a base URL that is none.
        """
        vendor = VENDORS.get(self.kind, _SERVER)
        key_name, key = _first_set(vendor.keys, environ)
        if not key and self.kind in VENDORS:
            raise UsageError(f"{self.text} needs a key, and {' or '.join(vendor.keys)} is not set. {THREE_WAYS}")
        if not all("!" <= letter <= "~" for letter in key):
            raise UsageError(f"what {key_name} holds is no key: it has a blank or a letter that keys do not have")
        url_name, base_url = _first_set(vendor.base_urls, environ)
        if base_url:
            _check_url(base_url, url_name)
        header = ((vendor.key_header, SecretStr(vendor.key_prefix + key)),) if key else ()
        return Address(
            base_url or self.base_url or vendor.base_url, SecretStr(key) if key else None, key_name or vendor.keys[0], header
        )


def _first_set(names: tuple[str, ...], environ: Mapping[str, str]) -> tuple[str, str]:
    """The first of the variables that is set, and its value; empty texts if none is."""
    return next(((name, value) for name in names if (value := environ.get(name, "").strip())), ("", ""))


def _check_url(url: str, what: str) -> None:
    """Raises UsageError for a URL that is none, or that holds what must not be told. Nothing of the latter is repeated."""
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bad port, or brackets that do not match
        is_url = False
    if not is_url:
        raise UsageError(f"{what} is no http:// or https:// address. {THREE_WAYS}")
    if "@" in parts.netloc or parts.query:
        raise UsageError(
            f"{what} holds a password or a query, which would be written into every run: give the address alone, "
            "and the key in the environment (OSARENA_MODEL_KEY for a server of your own)"
        )
