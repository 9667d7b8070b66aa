"""The circuit of a template as SVG: well formed, everything in it, in the colours of the page."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from eisfit import Template
from eisfit.app.circuit_picture import circuit_svg
from eisfit.cell.find import shipped, template
from eisfit.circuit.circuit import leaves

SVG = "{http://www.w3.org/2000/svg}"


def drawn(cell: Template) -> tuple[ElementTree.Element, list[str]]:
    root = ElementTree.fromstring(circuit_svg(cell))
    return root, [str(t.text) for t in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", shipped())
def test_every_element_and_segment_of_a_shipped_template_is_drawn_within_the_picture(name: str) -> None:
    for seen in template(name).configurations:
        check(template(name).with_electrodes(seen.electrodes))


def check(cell: Template) -> None:
    root, texts = drawn(cell)
    for part in cell.path:
        count = f" × {part.count}" if part.count > 1 else ""
        assert part.segment.name + count in texts
        for leaf in leaves(part.node):
            assert leaf.name in texts
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for text in root.iter(f"{SVG}text"):
        half = 0.25 * float(text.attrib["font-size"]) * len(str(text.text))
        assert half < float(text.attrib["x"]) < width - half
        assert float(text.attrib["font-size"]) <= float(text.attrib["y"]) < height
    assert {t.attrib["fill"] for t in root.iter(f"{SVG}text")} == {"currentColor"}


def test_parts_side_by_side_are_drawn_above_each_other() -> None:
    root, _ = drawn(Template.from_circuit("R0-p(R1,CPE1)"))
    places = {str(t.text): float(t.attrib["y"]) for t in root.iter(f"{SVG}text")}
    assert places["R1"] < places["R0"] < places["CPE1"]


def test_a_long_path_goes_on_in_the_next_row() -> None:
    one, many = (
        drawn(Template.from_circuit("-".join(f"p(R{k},C{k})" for k in range(n))))[0] for n in (2, 20)
    )
    assert [len(list(root.iter(f"{SVG}circle"))) for root in (one, many)] == [2, 6]  # terminals: two a row
    assert float(many.attrib["viewBox"].split()[2]) < 600
