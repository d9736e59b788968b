from __future__ import annotations

import pytest

from osarena.errors import UsageError
from osarena_agents.models import make_model
from osarena_agents.models.specs import Spec
from tests.support.model_clock import HELLO
from tests.support.model_server import KEY, ModelServer, Say

KEYS = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY, "GEMINI_API_KEY": KEY}


@pytest.mark.parametrize("spec", [None, "", " ", "gpt-4o", "openai/", "/x", "azure/gpt-4o", "hf:", "http:/x"])
def test_no_model_is_an_error_that_shows_the_three_ways(spec: str | None) -> None:
    with pytest.raises(UsageError, match="three ways") as caught:
        make_model(spec, environ=KEYS)
    for way in ("anthropic/NAME", "openai/NAME", "gemini/NAME", "http://127.0.0.1:8000/v1#NAME", "hf:PATH-or-NAME"):
        assert f"--model {way}" in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "variable"),
    [
        ("openai/m", "OPENAI_API_KEY"),
        ("openai-responses/m", "OPENAI_API_KEY"),
        ("anthropic/m", "ANTHROPIC_API_KEY"),
        ("gemini/m", "GOOGLE_API_KEY or GEMINI_API_KEY"),
    ],
)
@pytest.mark.parametrize("value", ["", "  "])
def test_no_key_is_an_error_that_shows_the_three_ways(spec: str, variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"{spec} needs a key, and {variable} is not set. There are three ways"):
        make_model(spec, environ=dict.fromkeys(KEYS, value))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("hf:/models/x", "there is no folder /models/x with weights in it"),
        ("hf:name/base+./lora", "there is no folder ./lora with weights in it"),
        ("hf:name/base+", "names weights by halves"),
        ("hf:+lora", "names weights by halves"),
    ],
)
def test_weights_that_are_not_there_are_an_error(spec: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        make_model(spec, environ={})


@pytest.mark.parametrize(
    ("spec", "kind", "model"),
    [
        ("openai/gpt-5.4", "openai", "gpt-5.4"),
        ("openai-responses/gpt-5.4", "openai-responses", "gpt-5.4"),
        (" anthropic/claude-sonnet-5 ", "anthropic", "claude-sonnet-5"),
        ("gemini/gemini-3-flash", "gemini", "gemini-3-flash"),
        ("http://127.0.0.1:8000/v1#Qwen/Qwen2.5-VL-7B-Instruct", "url", "Qwen/Qwen2.5-VL-7B-Instruct"),
        ("https://[::1]/v1#m", "url", "m"),
        ("hf:Qwen/Qwen2-VL-2B", "hf", "Qwen/Qwen2-VL-2B"),
    ],
)
def test_the_spellings_of_a_model(spec: str, kind: str, model: str) -> None:
    parsed = Spec.parse(spec)
    assert (parsed.kind, parsed.model) == (kind, model)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v1", "http://host#", "http://#m", "http://host:port/v1#m", "http://[::1/v1#m"]
)
def test_a_url_that_leads_nowhere_is_an_error(url: str) -> None:
    with pytest.raises(UsageError, match=r"#NAME"):
        make_model(url, environ={})


@pytest.mark.parametrize("url", [f"https://me:{KEY}@host/v1#m", f"https://{KEY}@host/v1#m", f"https://host/v1?key={KEY}#m"])
def test_a_url_with_a_secret_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UsageError, match="would be written into every run") as caught:
        make_model(url, environ={})
    assert KEY not in str(caught.value)
    with pytest.raises(UsageError, match="ANTHROPIC_BASE_URL holds a password") as caught:
        make_model("anthropic/m", environ=KEYS | {"ANTHROPIC_BASE_URL": url.partition("#")[0]})
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", ["sk-abc…123456", "sk-abc 123456", "sk-abc\n123456"])
def test_a_key_that_cannot_be_one_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(UsageError, match="what OPENAI_API_KEY holds is no key") as caught:
        make_model("openai/m", environ={"OPENAI_API_KEY": key})
    assert "123456" not in str(caught.value)


def test_each_vendor_gets_its_key_where_it_looks_for_it() -> None:
    with ModelServer(Say("Hello")) as server:
        environ = server.environ | {"GOOGLE_API_KEY": "goog-first", "OPENAI_API_KEY": f"  {KEY}\n"}
        for spec in ("openai/m", "openai-responses/m", "anthropic/m", "gemini/m"):
            model = make_model(spec, environ=environ)
            model.ask(HELLO)
            model.close()
        headers = [asked.headers for asked in server.asked]
        assert [headers[0]["authorization"], headers[1]["authorization"]] == [f"Bearer {KEY}"] * 2
        assert headers[2]["x-api-key"] == KEY
        assert headers[3]["x-goog-api-key"] == "goog-first"
        assert [asked.protocol for asked in server.asked] == ["openai", "openai-responses", "anthropic", "gemini"]


def test_a_server_of_ones_own_gets_no_vendors_key() -> None:
    with ModelServer(Say("Hello")) as server:
        for environ in (KEYS, KEYS | {"OSARENA_MODEL_KEY": "mine-123"}):
            model = make_model(server.spec, environ=environ)
            model.ask(HELLO)
            model.close()
        assert "authorization" not in server.asked[0].headers
        assert server.asked[1].headers["authorization"] == "Bearer mine-123"
        assert KEY not in str([asked.headers for asked in server.asked])


def test_a_server_on_this_machine_is_not_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with ModelServer(Say("Hello")) as server:
        model = make_model(server.spec, environ={})
        assert model.ask(HELLO).text == "Hello"
        model.close()
