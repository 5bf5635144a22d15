"""docs/catalogue.md names the tests of each hostile input, as the marks in the tests say."""

import re

from portal.settings import PROJECT

PAGE = PROJECT / "docs" / "catalogue.md"
TESTS = PROJECT / "tests"
ITEMS = 110
NOT_YET = "not yet"
_ROW = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_MARK = re.compile(r"mark\.catalogue\((\d+)\)")


def marked() -> dict[int, list[str]]:
    """The files that prove each item, as paths below tests/."""
    found: dict[int, list[str]] = {}
    for file in sorted(TESTS.rglob("*.py")):
        for number in sorted(set(map(int, _MARK.findall(file.read_text(encoding="utf-8"))))):
            found.setdefault(number, []).append(str(file.relative_to(TESTS)))
    return found


def test_the_catalogue_names_the_tests_of_every_item_and_owns_what_has_none():
    rows = {int(number): cell for number, cell in _ROW.findall(PAGE.read_text(encoding="utf-8"))}
    found = marked()

    assert sorted(rows) == list(range(1, ITEMS + 1))
    for number, cell in rows.items():
        proofs = set(found.get(number, []))
        assert set(cell.split(", ")) <= proofs if proofs else cell == NOT_YET, number
