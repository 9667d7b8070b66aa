"""Files that come through the browser: single ones, several, whole folders; kept in the folder of the session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nicegui import events, ui

from eisfit.app.guards import MOST_UPLOAD_BYTES
from eisfit.errors import InputError

FOLDER = "uploads"
_NO_NAME = re.compile(r"[^\w. +#()-]+")
_LONGEST = 120
# Files that lie in folders are named by their way in them, so that equal names of two cells stay apart
_BROWSER = """
(() => {
    const uploader = () => getElement(%d).$refs.qRef;
    const under = (file, way) => {
        const inner = way.split('/').filter(part => part);
        const name = inner.slice(inner.length > 2 ? 1 : -1).join('__');
        return new File([file], name, {type: file.type});
    };
    const all = async (entry, way) => {
        if (entry.isFile)
            return [under(await new Promise((yes, no) => entry.file(yes, no)), way + '/' + entry.name)];
        const reader = entry.createReader(), found = [];
        for (;;) {
            const some = await new Promise((yes, no) => reader.readEntries(yes, no));
            if (!some.length) break;
            for (const each of some) found.push(...await all(each, way + '/' + entry.name));
        }
        return found;
    };
    const box = getHtmlElement(%d), button = getHtmlElement(%d);
    if (!box || !button) return;  // the page was left meanwhile
    box.addEventListener('drop', async event => {
        const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry && item.webkitGetAsEntry());
        if (!entries.some(entry => entry && entry.isDirectory)) return;
        event.preventDefault(); event.stopPropagation();
        const found = [];
        for (const entry of entries) if (entry) found.push(...await all(entry, ''));
        uploader().addFiles(found);
    }, true);
    const pick = document.createElement('input');
    pick.type = 'file'; pick.webkitdirectory = true; pick.style.display = 'none';
    pick.setAttribute('aria-label', 'a folder of this computer');
    pick.onchange = () => { uploader().addFiles([...pick.files].map(f => under(f, f.webkitRelativePath))); };
    box.appendChild(pick);
    button.addEventListener('click', () => pick.click());
})()
"""


def upload_box(folder: Path, opened: Callable[[list[str]], Any], said: Callable[[str], Any]) -> None:
    """Show where files and folders are dropped, and a button that asks for a folder.

    Parameters
    ----------
    folder : Path
        Of the session; what comes is kept in `FOLDER` within it.
    opened : callable
        Called with the paths of the files that came.
    said : callable
        Called with a sentence where one could not be kept.
    """

    async def came(event: events.MultiUploadEventArguments) -> None:
        kept = []
        for file in event.files:
            try:
                kept.append(str(keep(folder / FOLDER, file.name, await file.read())))
            except InputError as error:
                said(str(error))
        if kept:
            opened(kept)

    with ui.row().classes("items-center no-wrap gap-2"):
        upload = ui.upload(
            label="drop files or folders", multiple=True, auto_upload=True, max_file_size=MOST_UPLOAD_BYTES
        )
        upload.on_multi_upload(came).props("dense flat bordered batch").classes("w-56").mark("upload")
        button = ui.button("Folder ...").props("no-caps no-wrap dense unelevated").mark("upload-folder")
        button.tooltip("all files of a folder and of its folders; or type its path, which copies nothing")
    ui.timer(0, lambda: ui.run_javascript(_BROWSER % (upload.id, upload.id, button.id)), once=True)


def keep(folder: Path, name: str, content: bytes) -> Path:
    """Write what came into a folder, beside what came before; the same content under the same name is kept once.

    Parameters
    ----------
    folder : Path
        It is made if it does not exist.
    name : str
        As the browser says it; never a path.
    content : bytes
        Of the file.

    Raises
    ------
    InputError
        If it is too large, or the disk does not take it.
    """
    if len(content) > MOST_UPLOAD_BYTES:
        raise InputError(
            f"{safe_name(name)}: larger than {MOST_UPLOAD_BYTES // 2**20} MiB; open it by its path instead"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = next(
            t for t in _free(folder / safe_name(name)) if not t.exists() or t.read_bytes() == content
        )
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        raise InputError(
            f"{safe_name(name)}: it could not be kept in {folder} ({error.strerror or error}); make room there, or "
            "open the file by its path"
        ) from None
    return target


def _free(path: Path) -> Iterable[Path]:
    yield path
    for k in range(2, 10**6):
        yield path.with_name(f"{path.stem} ({k}){path.suffix}")


def safe_name(name: str) -> str:
    """Return a name for a file from a browser that is never a path."""
    found = _NO_NAME.sub("_", name.replace("\\", "/").rpartition("/")[2]).lstrip(". ")
    return found[-_LONGEST:].lstrip(". ") or "uploaded"
