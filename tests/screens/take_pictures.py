"""Pictures of every page as each role sees it, wide and narrow, light and dark.

`make screens` writes them to tests/screens/pictures; with `--readme` the few that the README
shows are written to docs/pictures instead.
"""

import argparse
import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from portal.settings import PROJECT
from portal.ui.grid_state import encode_link
from tests.screens.going import stands
from tests.screens.running_portal import PATIENCE_MS, running_browser, running_portal

PICTURES = PROJECT / "tests" / "screens" / "pictures"
README_PICTURES = PROJECT / "docs" / "pictures"
HEIGHT = 900
DRAWN_MS = 800
"""What a chart needs to be drawn once its page stands."""
WIDTHS = (1440, 1024)
MODES = ("light", "dark")
ROLES = ("admin", "partner", "manager", "collector", "user")
PAGES = {
    "home": "",
    "clients": "clients",
    "invoices": "invoices",
    "contact_hygiene": "contact-hygiene",
    "payments": "payments",
    "plans": "plans",
    "quick_links": "quick-links",
    "portal_users": "portal-users",
    "reconciliation": "reconciliation",
    "worklist": "worklist",
    "statements": "statements",
    "write_offs": "write-offs",
    "email_delivery": "email-delivery",
    "aging": "aging",
    "aging_by_invoice_date": "aging?lens=By+invoice+date",
    "trends": "trends",
    "alerts": "alerts",
    "settings": "settings",
    "data": "data",
    "permissions": "permissions",
    "audit": "audit",
    "not_found": "client?id=0",
}
OPENED_FROM = {"client": "clients", "invoice": "invoices", "payment": "payments"}
"""Pages of one thing, and the lists whose first row leads to them."""

_LARGEST_FIRST = f"invoices?view={encode_link(sort=[('outstanding_cents', 'desc')], toggle='all')}"
README = ((_LARGEST_FIRST, "admin", "light", "invoices"),)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who looks, at which width, in which mode."""

    role: str
    mode: str = "light"
    width: int = 1440


def take_all(url: str, browser: Browser, folder: Path, roles: Sequence[str] = ROLES) -> int:
    """Picture every page for each role, width and mode.

    Returns: how many pictures were taken.
    """
    count = 0
    for role in roles:
        for width in WIDTHS:
            for mode in MODES:
                look = Look(role=role, mode=mode, width=width)
                with looking(url, browser, look) as page:
                    count += picture_pages(url, page, folder / f"{role}_{mode}_{width}")
                print(f"{role}, {mode}, {width} wide")
    return count


def picture_pages(url: str, page: Page, folder: Path) -> int:
    """Picture every page, and the first thing of every list.

    Returns: how many pictures were taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in PAGES.items():
        open_page(page, f"{url}/{path}")
        page.screenshot(path=folder / f"{name}.png")
    count = len(PAGES)
    for name, path in OPENED_FROM.items():
        if open_first(page, f"{url}/{path}"):
            page.screenshot(path=folder / f"{name}.png")
            count += 1
    return count


def take_for_readme(url: str, browser: Browser, folder: Path) -> int:
    """Picture the pages the README shows.

    Returns: how many pictures were taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path, role, mode, file in README:
        with looking(url, browser, Look(role=role, mode=mode)) as page:
            open_page(page, f"{url}/{path}")
            page.screenshot(path=folder / f"{file}.png")
    return len(README)


@contextlib.contextmanager
def looking(url: str, browser: Browser, look: Look) -> Iterator[Page]:
    """Sign in as one of the sample users.

    Yields: the page they see.
    """
    context = browser.new_context(
        viewport={"width": look.width, "height": HEIGHT}, color_scheme=look.mode
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.get_by_role("button", name=f"Enter as {look.role}").click()
    page.get_by_role("button", name="Sign out").wait_for(state="attached")
    try:
        yield page
    finally:
        context.close()


def open_page(page: Page, address: str) -> None:
    """Open an address and wait until its lists have rows and its pictures stand."""
    page.goto(address)
    stands(page)
    page.wait_for_timeout(DRAWN_MS)
    # a list may have come after the rest of its page
    stands(page)


def open_first(page: Page, address: str) -> bool:
    """Open the first row of a list.

    Returns: False where the person sees no list or it has no rows.
    """
    open_page(page, address)
    for frame in lists_of(page):
        link = frame.locator(".ag-row[row-index='0'] .fp-link-main").first
        with contextlib.suppress(Error):
            link.click(timeout=3_000)
            page.wait_for_url("**id=*")
            page.wait_for_timeout(1500)
            return True
    return False


def lists_of(page: Page) -> list:
    """The frames of a page that hold lists."""
    return [frame for frame in page.frames if "aggrid" in frame.url]


def main() -> None:
    """Make a sample firm, serve it on a free port, and take the pictures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--readme", action="store_true", help="only those of the README")
    asked.add_argument("--roles", nargs="+", choices=ROLES, default=ROLES, help="not all roles")
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        size = ["--clients", "2000", "--invoices", "40000"] if asked.readme else None
        with running_portal(Path(home), size=size) as url, running_browser() as browser:
            if asked.readme:
                count = take_for_readme(url, browser, README_PICTURES)
            else:
                count = take_all(url, browser, PICTURES, asked.roles)
    print(f"{count} pictures.")


if __name__ == "__main__":
    main()
