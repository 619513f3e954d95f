"""Only `services/registration/advance.py` gives a registration its status or its seat."""

import ast

from tree import called, modules

DOOR = "services/registration/advance.py"
OURS = {"status", "seat"}


def writes(function: ast.AST) -> bool:
    """Tell whether a piece of code updates or inserts registrations."""
    return any(
        isinstance(node, ast.Call)
        and called(node) in ("update", "insert")
        and [ast.unparse(argument) for argument in node.args[:1]] == ["registration"]
        for node in ast.walk(function)
    )


def named(node: ast.AST) -> set[str]:
    """Collect the column names a piece of code may write: keywords and keys of mappings."""
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and called(part) == "values":
            found |= {keyword.arg for keyword in part.keywords if keyword.arg}
        if isinstance(part, ast.Dict):
            found |= {key.value for key in part.keys if isinstance(key, ast.Constant)}
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            found |= {c.value for c in ast.walk(part.slice) if isinstance(c, ast.Constant)}
    return found


def intruders(trees) -> list[str]:
    return [
        f"{name}:{node.lineno}"
        for name, tree in trees
        for node in tree.body
        if name != DOOR and writes(node) and named(node) & OURS
    ]


def test_only_advance_gives_a_status():
    assert intruders(modules()) == []


def test_an_intruder_would_be_found():
    sly = "def f(work):\n    work.run(update(registration).values(status='confirmed'))"
    slier = "def f(work):\n    row = {}\n    row['seat'] = 1\n    update(registration)"
    for text in (sly, slier):
        assert intruders([("services/sly.py", ast.parse(text))]) == ["services/sly.py:1"]


def test_registrations_are_entered_in_one_place():
    entering = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and called(node) == "insert"
        and [ast.unparse(argument) for argument in node.args[:1]] == ["registration"]
    }
    assert entering == {DOOR}


def test_no_attribute_named_status_is_assigned():
    assigned = [
        f"{name}:{node.lineno}"
        for name, tree in modules("services", "callbacks", "pages", "portal")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "status"
        and isinstance(node.ctx, ast.Store)
    ]
    assert assigned == []
