"""Reads the playbook's files; with a fault nothing is used, and every fault is named."""

import tomllib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import TypeVar

_Read = TypeVar("_Read")


class PlaybookError(Exception):
    """The playbook cannot be used; `faults` says each reason and where it is."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults, in the order found."""
        super().__init__("The playbook has faults:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = tuple(faults)


def faultless(found: _Read, faults: list[str]) -> _Read:
    """What was read. Raises PlaybookError where there are faults."""
    if faults:
        raise PlaybookError(faults)
    return found


def tomls(folder: Traversable, faults: list[str]) -> list[Traversable]:
    """The TOML files of a folder; none, and a fault, if it is not there."""
    if not folder.is_dir():
        faults.append(f"{folder.name}/: the folder is missing")
        return []
    return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


def table(file: Traversable, faults: list[str]) -> Mapping[str, object]:
    """What stands in a TOML file; nothing, and a fault, if it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(f"{file.name}: the file is missing")
    except OSError as error:
        faults.append(f"{file.name}: cannot be read ({error.strerror})")
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        faults.append(f"{file.name}: cannot be read as TOML ({error})")
    return {}
