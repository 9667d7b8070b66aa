"""Files that end early: what their own text tells of it."""

from pathlib import Path

import pytest

import eisfit

HEADING = "freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n"
ROWS = ["100000,10.5143,-5.2301", "10000,20.1123,-15.0254", "1000,52.4475,-40.9912", "100,90.5551,-30.1248",
        "10,99.7124,-8.4155", "1,101.2231,-1.2104", "0.1,101.9912,-0.1331"]  # fmt: skip


def said(path: Path) -> list[str]:
    """Return what the reader says of the last spectrum being cut off."""
    return [f.text for f in eisfit.read(path)[-1].findings if f.kind == "truncated"]


def written(folder: Path, text: str) -> Path:
    path = folder / "cell.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("characters", [1, 2, 3, 4, 5])
def test_a_last_row_that_is_cut_within_its_number_is_left_out(tmp_path: Path, characters: int) -> None:
    whole = HEADING + "\n".join(ROWS)
    path = written(tmp_path, whole[:-characters])
    assert said(path) == [
        "the file ends within a line, and its last number is shorter than all above it: the last row is cut off and "
        "was left out"
    ]
    assert eisfit.read(path)[0].frequency_hz.min() == 1.0


@pytest.mark.parametrize("characters", [1, 2, 3, 4])
def test_so_is_one_that_is_cut_within_an_exponent(tmp_path: Path, characters: int) -> None:
    numbers = [[float(v) for v in row.split(",")] for row in ROWS]
    whole = HEADING + "\n".join(",".join(f"{v:.6e}" for v in row) for row in numbers)
    path = written(tmp_path, whole[:-characters])
    assert len(said(path)) == 1
    assert len(eisfit.read(path)[0]) == len(ROWS) - 1


def test_a_file_without_an_end_of_its_last_line_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path, HEADING + "\n".join(ROWS))
    assert said(path) == []
    assert len(eisfit.read(path)[0]) == len(ROWS)


def test_a_short_last_number_is_none_that_is_cut_where_the_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path, HEADING + "\n".join([*ROWS, "0.01,102,0"]) + "\n")
    assert said(path) == []
    assert len(eisfit.read(path)[0]) == len(ROWS) + 1


def test_a_last_row_that_is_written_with_fewer_digits_throughout_is_none_that_is_cut(tmp_path: Path) -> None:
    path = written(tmp_path, HEADING + "\n".join([*ROWS, "0.01,102,-0.1"]))
    assert said(path) == []
    assert len(eisfit.read(path)[0]) == len(ROWS) + 1


def test_the_hash_of_a_file_that_is_cut_off_is_that_of_the_whole_file(tmp_path: Path) -> None:
    import hashlib

    path = written(tmp_path, (HEADING + "\n".join(ROWS))[:-2])
    source = eisfit.read(path)[0].source
    assert source is not None
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_last_sweep_that_stops_on_the_way_of_those_before_it_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, HEADING + "\n".join([*ROWS, *ROWS, *ROWS[:4]]) + "\n")
    assert [len(s) for s in eisfit.read(path)] == [7, 7, 4]
    assert said(path) == [
        "the last sweep has 4 points and each of the 2 before it 7, from the same frequency on: the run or the file "
        "ends early"
    ]


def test_of_two_sweeps_the_first_tells_where_the_second_ends(tmp_path: Path) -> None:
    path = written(tmp_path, HEADING + "\n".join([*ROWS, *ROWS[:3]]) + "\n")
    assert said(path)[0].startswith("the last sweep has 3 points and the one before it 7,")


@pytest.mark.parametrize("last", [ROWS, ROWS[2:]])
def test_a_last_sweep_that_is_whole_or_begins_elsewhere_is_not(tmp_path: Path, last: list[str]) -> None:
    path = written(tmp_path, HEADING + "\n".join([*ROWS, *last]) + "\n")
    assert len(eisfit.read(path)) == 2
    assert said(path) == []
