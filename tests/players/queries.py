"""Finds every place in a source file that names a table with people in it, by the function it stands in."""

import ast

MADE_UP = "a statement that is made up as it runs"


def readers(source, personal):
    """{function: tables} for whatever could be a query on them; the module's own statements by name."""
    tree = ast.parse(source)
    names, modules = _imported(tree, personal)
    found = {}
    for owner, node in _functions(tree):
        tables = {name for part in _own(node) for name in _named(part, names, modules, personal)}
        if tables:
            found.setdefault(owner, set()).update(tables)
    return found


def _imported(tree, personal):
    """What the tables are called here, and what the module with all of them is."""
    names, modules = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "storage.tables":
            for alias in node.names:
                if alias.name in personal or alias.name in ("metadata", "*"):
                    names[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.module == "storage":
            modules |= {alias.asname or alias.name for alias in node.names if alias.name == "tables"}
        elif isinstance(node, ast.Import):
            modules |= {alias.asname or "storage" for alias in node.names if alias.name == "storage.tables"}
    return names, modules


def _functions(tree):
    """Every function with the path to it, and every statement of the module itself."""
    for node in tree.body:
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield getattr(targets[0], "id", "<module>"), node
    waiting = [("", tree)]
    while waiting:
        path, node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{path}{child.name}"
                if not isinstance(child, ast.ClassDef):
                    yield name, child
                waiting.append((f"{name}.", child))
            else:
                waiting.append((path, child))


def _own(node):
    """Itself and its parts without those of functions inside it."""
    waiting = [node] if isinstance(node, ast.expr) else list(ast.iter_child_nodes(node))
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(part)


def _named(part, names, modules, personal):
    match part:
        case ast.Name(id=name) if name in names:
            yield names[name]
        case ast.Attribute(attr=attr, value=value) if attr in (*personal, "metadata"):
            inner = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
            if inner in modules or inner == "tables":
                yield attr
        case ast.Call(func=func, args=[first, *_]) if _called(func) in ("text", "table", "exec_driver_sql"):
            if not isinstance(first, ast.Constant):
                yield MADE_UP
            else:
                yield from (name for name in personal if name in str(first.value).split())


def _called(func):
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
