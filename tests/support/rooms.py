"""The picture of the rooms in docs/house.md, drawn from the package; ``python -m support.rooms`` writes it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from support.paths import ROOT

PACKAGE = ROOT / "eisfit"
PAGE = ROOT / "docs" / "house.md"
PICTURE = re.compile(r"```\neisfit/\n.*?```", re.S)
_WIDTH, _INDENT = 110, 16
_FORMAT = re.compile(r"^FORMATS? = \(?\s*Format\(", re.M)  # a module that reads one format


def rooms_in_order() -> list[str]:
    """Return the names of the rooms in the order of the table on the page."""
    rows = re.findall(r"^\| \d+ \| ([^|]+) \| [^|]+ \| [^|]+ \|$", PAGE.read_text("utf-8"), re.M)
    return [name.removesuffix(" (to come)") for row in rows for name in row.split(", ")]


def picture() -> str:
    """Return the folders of the package with all their modules."""
    lines = ["eisfit/", _line("", " ".join(["__init__", *_modules(PACKAGE)]), indent=2)]
    lines += [
        _line(f"{room}/", _contents(PACKAGE / room)) for room in rooms_in_order() if (PACKAGE / room).is_dir()
    ]
    return "\n".join(["```", *lines, "```"])


def _line(name: str, text: str, indent: int = _INDENT) -> str:
    start = f"  {name}".ljust(indent)
    return textwrap.fill(
        start + text, _WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )


def _contents(folder: Path) -> str:
    known = [p.stem for p in folder.glob("*.py") if _FORMAT.search(p.read_text("utf-8"))]
    modules = " ".join(name for name in _modules(folder) if name not in known)
    parts = [*(["one file a format"] if known else []), *([modules] if modules else [])]
    for inner in sorted(p for p in folder.iterdir() if p.is_dir() and p.name != "__pycache__"):
        data = sorted({p.suffix.lstrip(".").upper() for p in inner.glob("*.toml")})
        parts.append(
            f"{inner.name}/ {' '.join(_modules(inner)) or f'one {data[0]} file a {inner.name[:-1]}'}"
        )
    return "; ".join(parts)


def _modules(folder: Path) -> list[str]:
    return [p.stem for p in sorted(folder.glob("*.py")) if p.stem != "__init__"]


def main() -> None:
    """Write the picture into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PICTURE.sub(lambda _: picture(), text, count=1), encoding="utf-8")
    print(picture())


if __name__ == "__main__":
    main()
