"""How far a file is searched for headings, counted in ways of reading them and not in time."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import eisfit
from eisfit.errors import FormatError
from eisfit.formats.parsing import crossed_headings, groups, headings, labels
from eisfit.formats.parsing.search_limit import MOST_WAYS, REMEMBERED, SearchLimit, limited

WORDS = ("Z'", "Z''", "Re", "Im", "ohm", "(Ohm)", "|Z|", "phase", "-", "A", "25 C", "_", "/", "fit", "freq")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the headings that are read, by a cache that forgets them."""
    counted = {"parse": 0, "tried": 0}
    parse, places = headings.parse.__wrapped__, crossed_headings.places_of

    def counting_parse(text: str) -> object:
        counted["parse"] += 1
        return parse(text)

    def counting_places(text: str, glued: bool) -> dict[int, int]:
        found = places(text, glued)
        counted["tried"] += len(found) ** 2 // 2
        return found

    for module in (labels, crossed_headings, groups):
        monkeypatch.setattr(module, "parse", counting_parse)
    monkeypatch.setattr(crossed_headings, "places_of", counting_places)
    for cached in (labels.labelled, labels.resembled, labels.ways, groups.groups_in_line):
        cached.cache_clear()
    return counted


def hostile(lines: int, columns: int, words: int) -> str:
    rng = random.Random(1)
    return "\n".join(
        ",".join(["freq/Hz", *(" ".join(rng.choices(WORDS, k=words)) for _ in range(columns - 1))])
        for _ in range(lines)
    )


@pytest.mark.parametrize("words", [3, 6, 11])
def test_lines_that_may_all_be_headings_are_given_up(
    tmp_path: Path, calls: dict[str, int], words: int
) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(hostile(60, 200, words))
    with pytest.raises(
        FormatError, match=r"notes\.csv: its lines have so many words .* keep one line of short"
    ):
        eisfit.read(path)
    assert calls["parse"] < 5 * MOST_WAYS
    assert calls["tried"] < 10 * 5 * MOST_WAYS


def test_more_lines_take_no_more(tmp_path: Path, calls: dict[str, int]) -> None:
    path = tmp_path / "notes.csv"
    spent = []
    for lines in (30, 60, 120):
        path.write_text(hostile(lines, 200, 11))
        before = calls["parse"]
        with pytest.raises(FormatError, match="was given up"):
            eisfit.read(path)
        spent.append(calls["parse"] - before)
    assert max(spent) <= spent[0] * 1.01


def test_headings_without_letters_are_tried_at_few_places(calls: dict[str, int]) -> None:
    line = ["freq/Hz", *("|" * (10 + k % 40) + "z" for k in range(199))]
    groups.groups_of(line)
    assert calls["tried"] < 2 * crossed_headings.MOST_TRIED + 60**2


def test_a_wide_table_of_labelled_columns_is_read_again_and_again(tmp_path: Path) -> None:
    halves = [f"{half} of sample {k} at 25 C" for k in range(100) for half in ("Z' (Ohm)", "-Z'' (Ohm)")]
    lines = [",".join(["freq/Hz", *halves])]
    lines += [",".join(map(str, [10.0**k, *range(1, 201)])) for k in range(5, 0, -1)]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join(lines))
    for _ in range(2):
        assert len(eisfit.read(path)) == 100


def test_what_was_read_before_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(hostile(60, 200, 11))
    said = set()
    for _ in range(2):
        with pytest.raises(FormatError) as error:
            eisfit.read(path)
        said.add(str(error.value))
    assert len(said) == 1


def test_a_line_counts_once_as_long_as_it_is_remembered() -> None:
    limit = SearchLimit("a.csv", most=REMEMBERED + 2)
    for _ in range(3):
        limit.spend(("f", "z"), 1)
    assert limit.left == REMEMBERED + 1
    for k in range(REMEMBERED):
        limit.spend((f"{k}",), 1)
    limit.spend(("f", "z"), 1)
    assert limit.left == 0
    with pytest.raises(FormatError, match=r"a\.csv: its lines"):
        limit.spend(("other",), 1)


def test_a_limit_ends_with_its_file() -> None:
    with limited("a.csv") as limit:
        groups.groups_of(["freq/Hz", "Z'", "Z''"])
    spent = MOST_WAYS - limit.left
    groups.groups_of(["freq/Hz", "Z'", "Z'' of another"])
    assert spent == MOST_WAYS - limit.left > 0
