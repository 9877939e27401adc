"""The walls around the vent, in the code that is installed: what it may import, what Sealed refuses."""

import ast
import copy
import io
import json
import logging
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coaching.sealed import Sealed

VENT = "coaching.skills.vent"
FAR = ("adapters", "bot", "storage")  # rooms of ours that the vent must not see
# Of the standard library: what stores, sends, logs, packs, hides, or starts programs.
BARRED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("dbm", "marshal", "mailbox", "mmap", "pickle", "shelve", "sqlite3"), "stores"),
        **dict.fromkeys(("shutil", "tempfile", "pty", "fileinput"), "writes"),
        **dict.fromkeys(("asyncio", "select", "socket", "socketserver", "ssl", "wsgiref"), "sends"),
        **dict.fromkeys(("email", "ftplib", "http", "imaplib", "poplib", "smtplib", "urllib"), "sends"),
        **dict.fromkeys(("webbrowser", "xmlrpc", "telnetlib"), "sends"),
        **dict.fromkeys(("logging", "syslog", "warnings", "cgitb", "faulthandler"), "logs"),
        **dict.fromkeys(("bz2", "gzip", "lzma", "tarfile", "zipapp", "zipfile", "zlib"), "packs"),
        **dict.fromkeys(("base64", "binascii", "codecs", "secrets"), "hides"),
        **dict.fromkeys(("ctypes", "multiprocessing", "os", "signal", "subprocess", "threading"), "starts"),
    }
)
# Where a platform's text is taken out of what came and sealed: until then it is in the open.
SEALING = tuple(
    f"adapters.{platform}.{file}" for platform in ("slack", "teams", "web") for file in ("fields", "incoming")
)
_PURE = frozenset({"urllib.parse"})  # of a barred package what only takes a text apart
_BESIDE = frozenset({"asyncio", "logging"})  # what files beside them need, which they take pure parts from
_KEEPING = frozenset({"add", "append", "appendleft", "extend", "insert", "put", "setdefault", "update"})
_CHECKSUM = ("binascii", ["crc32"])  # a number of 32 bits, from which no text can be had
_DOORS = frozenset({"breakpoint", "compile", "eval", "exec", "input", "open", "print", "__import__"})


def faults(vent: str = VENT) -> list[str]:
    """What is wrong with the walls, in words; nothing where they stand."""
    seals = [fault for module in SEALING for fault in sealing(module)]
    return [*imports(vent), *doors(vent), *parameters(vent), *seals, *refusals()]


def imports(vent: str = VENT) -> list[str]:
    """What the vent can reach by importing, in any number of steps, that it must not."""
    seen: set[str] = set()
    found: list[str] = []
    waiting = [vent]
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        for name in _imported(module, vent):
            if _far(name):
                found.append(f"{module} imports {name}")
            elif name.startswith("coaching"):
                waiting.append(name)
    return sorted(found)


def _far(name: str) -> bool:
    """Whether a module has no business near the vent: only our core and a harmless part of Python does."""
    top = name.partition(".")[0]
    return top in FAR or top in BARRED or (top != "coaching" and not _standard(top))


def _standard(top: str) -> bool:
    return top in sys.stdlib_module_names


def doors(vent: str = VENT) -> list[str]:
    """Built-in functions that print, open or run something, called in the vent itself."""
    return [fault for path in _files(vent) for fault in _called(path)]


def _called(path: Path) -> list[str]:
    called = [
        (node.lineno, node.func.id)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return [f"{path.name}:{line} calls {name}" for line, name in called if name in _DOORS]


def sealing(module: str) -> list[str]:
    """What is wrong with a module that has the text in the open: it may not reach out, print or keep."""
    found = [f"{module} imports {name}" for name in _reached(module) if name not in _PURE]
    seen, waiting = {module}, [name for name in _imported(module, "") if name.startswith("adapters.")]
    while waiting:
        beside = waiting.pop()
        if beside not in seen:
            seen.add(beside)
            there = [name for name in _reached(beside) if name not in _PURE | _BESIDE]
            found += [f"{module} reaches {name} through {beside}" for name in there]
            waiting += [name for name in _imported(beside, "") if name.startswith("adapters.")]
    return [*found, *(fault for path in _own(module) for fault in (*_called(path), *_kept(path)))]


def _reached(module: str) -> list[str]:
    """What it imports that is neither our core nor its neighbours nor harmless."""
    package = module.rpartition(".")[0]
    return [name for name in _imported(module, "") if not name.startswith(f"{package}.") and _far(name)]


def _kept(path: Path) -> list[str]:
    """Where something that belongs to the module, and so outlives a request, is changed."""
    tree = _tree(path)
    targets = [t for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    own = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    lines: list[int] = []
    for node in ast.walk(tree):
        match node:
            case ast.Global(lineno=line):
                lines.append(line)
            case ast.Call(func=ast.Attribute(attr=name, value=value), lineno=line) if name in _KEEPING:
                lines += [line] if _of(value) in own else []
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                lines += [node.lineno] if _of(node.value) in own else []
    return [f"{path.name}:{line} keeps something" for line in lines]


def _of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def parameters(vent: str = VENT) -> list[str]:
    """Functions of the vent that take a text by that name: what is let out comes as Sealed or not at all."""
    found: list[str] = []
    for path in _files(vent):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                found += [f"{path.name}:{node.lineno} takes {n}" for n in names if n in ("text", "words")]
    return found


def refusals() -> list[str]:
    """Ways in which sealed text could be had that it does not refuse or mask."""
    word = "kestrel-in-the-box"
    return [name for name, leak in LEAKS.items() if _had(leak, word)]


def _had(leak: Callable[[Sealed], object], word: str) -> bool:
    """Whether the word came out, in what was given or in what was raised."""
    given, error = "", None
    try:
        given = f"{leak(Sealed(word))!s}"
    except Exception as raised:  # noqa: BLE001 - whatever it is, its text is what is asked about
        error = raised
    return word in f"{given} {error!r} {error and (error.__context__, error.__cause__)!r}"


def _logged(box: Sealed) -> str:
    stream = io.StringIO()
    record = logging.LogRecord("proof", logging.INFO, "", 0, "%s %r", (box, box), None)
    logging.StreamHandler(stream).emit(record)
    return stream.getvalue()


def _raises(text: str) -> bool:
    raise ValueError(text)


LEAKS: dict[str, Callable[[Any], object]] = {
    "str": str,
    "repr": repr,
    "format": lambda box: f"{box:>40}",
    "log": _logged,
    "json": lambda box: json.dumps({"box": box}),
    "json with a default": lambda box: json.dumps({"box": box}, default=str),
    "pickle": pickle.dumps,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "iterate": list,
    "length": len,
    "bytes": bytes,
    "add": lambda box: "" + box,
    "index": lambda box: box[0],
    "contains": lambda box: "k" in box,
    "compare": lambda box: box == "kestrel-in-the-box",
    "hash": hash,
    "vars": vars,
    "attributes": lambda box: box.__getstate__(),
    "an answer in words": lambda box: box.ask(str),
    "an error in the question": lambda box: box.ask(_raises),
}


def _imported(module: str, vent: str) -> Iterator[str]:
    """Every module that a module's code imports; for a package also each of its own files."""
    for path in _files(module) if module == vent else _own(module):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not _checksum(node):
                yield node.module
                yield from (f"{node.module}.{a.name}" for a in node.names if _module(node.module, a.name))


def _checksum(node: ast.ImportFrom) -> bool:
    return (node.module, [alias.name for alias in node.names]) == _CHECKSUM


def _module(package: str, name: str) -> bool:
    """Whether what is imported from a package of ours is a module."""
    spec = find_spec(package) if package.startswith("coaching") else None
    if spec is None or spec.submodule_search_locations is None:
        return False
    return find_spec(f"{package}.{name}") is not None


def _own(module: str) -> list[Path]:
    spec = find_spec(module)
    return [Path(spec.origin)] if spec is not None and spec.origin else []


def _files(package: str) -> list[Path]:
    return sorted(path for own in _own(package) for path in own.parent.glob("*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
