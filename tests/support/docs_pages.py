"""Runs the pages of docs/ as a reader would: files are written, commands run, Python typed, outputs compared.

In a page, in order and in one folder:

- a ``{code-block}`` with a ``:caption:`` is a file of that name;
- a ``console`` block holds commands behind ``$`` and what they print;
- a ``pycon`` block holds Python behind ``>>>`` and what it prints;
- a ``python`` block without a caption is run.

Numbers in outputs may differ by one unit of their last printed digit, those printed with all digits by 1e-4;
``...`` stands for anything.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import math
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eisfit import plots
from eisfit.cli import main as cli
from eisfit.elements import registry
from eisfit.formats import plugins
from support.paths import ROOT

DOCS = ROOT / "docs"
_FENCE = re.compile(r"^(`{3,}|:{3,})(\{code-block\} )?(\w[\w-]*)\n(.*?)^\1[ ]*$", re.M | re.S)
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_FRAME = re.compile(r"[\s│┃━┏┓┳┡╇┩┗┛┻┃└┘┴─┼]+")


@dataclass(frozen=True)
class Block:
    """A code block of a page."""

    language: str
    caption: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the code blocks of a page."""
    source = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(source):
        _, directive, language, text = match.groups()
        caption = ""
        if directive:
            options, _, text = text.partition("\n\n") if text.startswith(":") else ("", "", text)
            stated = re.search(r"^:caption: (.+)$", options, re.M)
            caption = stated.group(1).strip("`") if stated else ""
        found.append(Block(language, caption, text, source[: match.start()].count("\n") + 1))
    return found


def same(expected: str, got: str) -> bool:
    """Return whether an output is what the page shows."""
    pieces = [_FRAME.sub(" ", p).strip() for p in re.split(r"\.\.\.", expected)]
    got = _FRAME.sub(" ", got).strip()
    pattern, wanted = [], []
    for piece in pieces:
        last, text = 0, ""
        for number in _NUMBER.finditer(piece):
            text += re.escape(piece[last : number.start()]) + f"({_NUMBER.pattern})"
            wanted.append(number.group())
            last = number.end()
        pattern.append(text + re.escape(piece[last:]))
    match = re.fullmatch(r"\s*" + r".*?".join(pattern) + r"\s*", got, re.S)
    return match is not None and all(map(_near, wanted, match.groups()))


def _near(wanted: str, got: str) -> bool:
    mantissa, _, exponent = wanted.partition("e")
    last_digit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    whole = "." not in mantissa and not exponent
    room = 0.0 if whole and abs(float(wanted)) < 10 else 1.01 * last_digit
    all_digits = 1e-4 if len(mantissa.strip("-+0.").replace(".", "")) > 8 else 1e-9
    return math.isclose(float(wanted), float(got), rel_tol=all_digits, abs_tol=room)


class _Checker(doctest.OutputChecker):
    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, got, optionflags) or same(want, got)


class Reader:
    """One who follows a page, step by step, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.code = 0
        self.commands: list[str] = []

    def follow(self, page: Path) -> None:
        """Do all that the page says; what it prints must be what is printed there."""
        for block in blocks(page):
            self.step(block, page.name)

    def step(self, block: Block, page: str) -> None:
        """Do what one block says."""
        where = f"{page}, line {block.line}"
        if block.caption:
            path = self.folder / block.caption
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            self._console(block.text, where)
        elif block.language == "pycon":
            self._python(block, where)
        elif block.language == "python":
            exec(compile(block.text, where, "exec"), self.names)

    def _console(self, text: str, where: str) -> None:
        for step in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, _, expected = step.partition("\n")
            self.commands.append(command)
            got = self.run(command)
            assert same(expected, got), f"{where}: $ {command}\nprinted\n{got}\nthe page shows\n{expected}"

    def run(self, command: str) -> str:
        words = shlex.split(command)
        if command == "echo $?":
            return f"{self.code}\n"
        if words[:4] == ["python", "-m", "pip", "install"]:
            _install(self.folder / words[-1])
            return ""
        if words[0] == "eisfit":
            return self._printed(lambda: _main(words))
        if words[0] == "python":
            return self._printed(lambda: runpy.run_path(str(self.folder / words[1]), run_name="__main__"))
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        self.code = done.returncode
        return done.stdout + done.stderr

    def _printed(self, action: Any) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                action()
                self.code = 0
            except SystemExit as leave:
                self.code = int(leave.code or 0)
        return out.getvalue()

    def _python(self, block: Block, where: str) -> None:
        test = doctest.DocTestParser().get_doctest(block.text, self.names, where, where, block.line)
        runner = doctest.DocTestRunner(
            _Checker(), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
        said: list[str] = []
        runner.run(test, out=said.append, clear_globs=False)
        self.names.update(test.globs)
        assert runner.summarize(verbose=False).failed == 0, "".join(said)


def _main(words: list[str]) -> None:
    before, sys.argv = sys.argv, words
    try:
        cli.main()
    finally:
        sys.argv = before


def _install(folder: Path) -> None:
    """Do what an installation does for an entry point: write down where it is."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    meta = folder / f"{project['name']}-{project['version']}.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    (meta / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    plugins.plugins.cache_clear()


@contextlib.contextmanager
def reader(folder: Path) -> Iterator[Reader]:
    """Give a reader in a folder with the sample spectra; afterwards nothing of what he did is left."""
    shutil.copytree(ROOT / "sample_spectra", folder / "sample_spectra", dirs_exist_ok=True)
    elements, kinds = dict(registry.REGISTERED), dict(plots.KINDS)
    path, modules = list(sys.path), set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield Reader(folder)
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "") or "").startswith(str(folder)):
                del sys.modules[name]
        for register, before in ((registry.REGISTERED, elements), (plots.KINDS, kinds)):
            for name in set(register) - set(before):
                del register[name]
        plugins.plugins.cache_clear()


def rewritten(page: Path, folder: Path) -> str:
    """Return a page with the outputs that its commands and its Python print now."""
    source = page.read_text(encoding="utf-8")
    with reader(folder) as person:
        for block in blocks(page):
            if block.language == "console" and not block.caption:
                steps = re.split(r"^\$ ", block.text, flags=re.M)[1:]
                text = ""
                for step in steps:
                    command, _, expected = step.partition("\n")
                    got = "\n".join(line.rstrip() for line in person.run(command).splitlines())
                    got = got + "\n" if got else ""
                    text += f"$ {command}\n" + (expected if same(expected, got) else got)
            elif block.language == "pycon":
                text = _rewritten_python(block, person.names)
            else:
                person.step(block, page.name)
                continue
            fence = f"```{block.language}\n"
            source = source.replace(f"{fence}{block.text}```", f"{fence}{text}```")
    return source


def _rewritten_python(block: Block, names: dict[str, Any]) -> str:
    text = ""
    for example in doctest.DocTestParser().get_examples(block.text):
        lines = example.source.rstrip("\n").split("\n")
        text += "".join(f"{'>>>' if k == 0 else '...'} {line}\n" for k, line in enumerate(lines))
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(example.source, "page", "single"), names)
        got = out.getvalue()
        text += example.want if _Checker().check_output(example.want, got, doctest.ELLIPSIS) else got
    return text


if __name__ == "__main__":
    import os
    import tempfile

    os.environ["COLUMNS"] = "120"
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(name).resolve()
            page.write_text(rewritten(page, Path(folder)), encoding="utf-8")
