"""The scenarios that ship with eisfit, read when first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from eisfit.simulate.scenario import Scenario
from eisfit.simulate.scenario_file import parse_scenario


class ScenarioShelf(Mapping[str, Scenario]):
    """The scenarios of the folder ``scenarios`` by name, in the order of their names."""

    def __getitem__(self, name: str) -> Scenario:
        return self._scenarios[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._scenarios)

    def __len__(self) -> int:
        return len(self._scenarios)

    @cached_property
    def _scenarios(self) -> dict[str, Scenario]:
        from importlib import resources  # imported when asked: it is slow to import

        folder = resources.files("eisfit.simulate").joinpath("scenarios")
        files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
        names = {f.name.removesuffix(".toml"): f for f in files}
        return {name: parse_scenario(name, f.read_text(encoding="utf-8")) for name, f in names.items()}


SCENARIOS = ScenarioShelf()
