"""The fake provider keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from osarena.guest import fake
from osarena.providers.base import Machine, Provider
from osarena.providers.fake import FakeProvider
from tests.contracts.provider_contract import ProviderContract


class TestFakeProvider(ProviderContract):
    editor = ("fake-notes",)
    browser = ("fake-browser",)

    @pytest.fixture(scope="class")
    @classmethod
    def provider(cls) -> Iterator[Provider]:
        provider = FakeProvider()
        yield provider
        provider.close()

    def kill(self, machine: Machine) -> None:
        fake.transport(machine.address)._requests_left = 0

    def traces(self, provider: Provider) -> set[str]:
        return {token for _, token in fake._desktops}
