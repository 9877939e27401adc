"""The page's files, read once: the shell is filled with the playbook's wording."""

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from coaching.playbook.wording import Wording
from coaching.when import zones

PAGE = "index.html"
_MEDIA = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_SLOT = re.compile(r"\{\{([\w.]+)\}\}")


def page_files(wording: Wording, token: str) -> Mapping[str, tuple[str, str]]:
    """Every file of the page by name, with its media type."""
    folder = files("adapters.web") / "page"
    found = {}
    for file in folder.iterdir():
        media = _MEDIA.get(file.name.rpartition(".")[2])
        if media:
            found[file.name] = (file.read_text(encoding="utf-8"), media)
    text, media = found[PAGE]
    return found | {PAGE: (_fill(text, wording, token), media)}


def _fill(text: str, wording: Wording, token: str) -> str:
    """{{web.key}} becomes the sentence, {{token}} the token, {{zones}} the time zones."""
    ours = {"token": escape(token), "zones": "".join(f'<option value="{escape(z)}">' for z in zones())}
    return _SLOT.sub(lambda slot: ours.get(slot[1]) or escape(wording.label(slot[1], count="{count}")), text)
