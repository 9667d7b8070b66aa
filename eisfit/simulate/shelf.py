"""The scenarios that ship with eisfit, read when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from eisfit.errors import InputError
from eisfit.simulate.campaign import Campaign
from eisfit.simulate.campaign_file import parse_campaign
from eisfit.simulate.scenario import Scenario
from eisfit.simulate.scenario_file import parse_scenario

T = TypeVar("T")


class _Shelf(Mapping[str, T]):
    """What a folder of TOML files holds, by name, in the order of the files."""

    folder: str

    def __getitem__(self, name: str) -> T:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _texts(self) -> dict[str, str]:
        from importlib import resources  # imported when asked: it is slow to import

        folder = resources.files("eisfit.simulate").joinpath(self.folder)
        files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
        return {f.name.removesuffix(".toml"): f.read_text(encoding="utf-8") for f in files}

    @property
    def _all(self) -> Mapping[str, T]:
        raise NotImplementedError


class ScenarioShelf(_Shelf[Scenario]):
    """The scenarios of single cells by name: the folder ``scenarios``."""

    folder = "scenarios"

    def raw(self, name: str) -> Mapping[str, Any]:
        """Return the table of a scenario as it is written."""
        if name not in self._texts:
            raise InputError(f"like = {name!r} is no scenario; there are: {', '.join(self._texts)}")
        return tomllib.loads(self._texts[name])

    @property
    def _all(self) -> Mapping[str, Scenario]:
        return self._scenarios

    @cached_property
    def _scenarios(self) -> dict[str, Scenario]:
        return {name: parse_scenario(name, text) for name, text in self._texts.items()}


class CampaignShelf(_Shelf[Campaign]):
    """The scenarios with complementary cells by name: the folder ``campaigns``."""

    folder = "campaigns"

    @property
    def _all(self) -> Mapping[str, Campaign]:
        return self._campaigns

    @cached_property
    def _campaigns(self) -> dict[str, Campaign]:
        found = [parse_campaign(name, text, SCENARIOS.raw) for name, text in self._texts.items()]
        return {campaign.name: campaign for campaign in found}


SCENARIOS = ScenarioShelf()
CAMPAIGNS = CampaignShelf()
