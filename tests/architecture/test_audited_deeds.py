"""docs/security.md lists every deed that the audit log may hold, as the program names them."""

import ast
import re

from portal.domain.modules import MODULES
from portal.domain.permissions import Permission
from portal.services.collections_ports import RequestKind
from portal.settings import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
ROOMS = ("services", "jobs", "web", "store", "documents", "mail")


def texts_of(value: ast.expr) -> list[str]:
    """What an expression may be, a part that is not known written as *."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.IfExp):
        return texts_of(value.body) + texts_of(value.orelse)
    if isinstance(value, ast.JoinedStr):
        return [
            "".join(part.value if isinstance(part, ast.Constant) else "*" for part in value.values)
        ]
    return []


def deeds() -> set[str]:
    """What `action` is given as wherever the program says it; * is what it does not say there."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (PROJECT / "portal" / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword) and node.arg == "action":
                    found.update(texts_of(node.value))
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ACTION":
                    found.update(texts_of(node.value))
    kinds = {f"{kind}.*" for kind in RequestKind}
    return {deed for deed in found if "." in deed and not deed.startswith("*")} | kinds


def listed() -> dict[str, str]:
    """The table of deeds: what they are about -> what may be said of it."""
    table = PAGE.split("| about | what is recorded |")[1].split("\n\n")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE))


def test_every_deed_the_program_audits_is_in_the_list():
    rows = listed()

    def is_listed(about: str, what: str) -> bool:
        return about in rows and ("*" in what or what in rows[about])

    assert [deed for deed in sorted(deeds()) if not is_listed(*deed.split(".", 1))] == []


def test_the_list_names_nothing_that_is_never_audited():
    assert set(listed()) - {deed.partition(".")[0] for deed in deeds()} == set()


def test_every_permission_and_module_is_named_for_whoever_writes_firm_toml():
    words = set(re.findall(r"`(\w+)`", PAGE))

    assert set(Permission) - words == set()
    assert set(MODULES) - words == set()


def test_every_key_of_the_single_sign_on_is_named():
    for key in ("client_id", "client_secret", "server_metadata_url", "groups_claim"):
        assert f"`{key}`" in PAGE, key
