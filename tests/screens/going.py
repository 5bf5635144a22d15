"""Going from page to page without loading the program anew, as the menu and the buttons do."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

_COUNTED = """
    const app = document.querySelector('[data-testid=stApp]');
    if (window.runsEnded === undefined) {
        window.runsEnded = 0;
        new MutationObserver(() => { window.runsEnded += app.dataset.testScriptState ===
            'notRunning'; }).observe(app, { attributeFilter: ['data-test-script-state'] });
    }
"""
_GO = (
    f"""address => {{{_COUNTED}"""
    """
    const isSame = new URL(address).pathname === location.pathname;
    const before = { ended: window.runsEnded,
        title: isSame ? null : document.querySelector('h1').innerText };
    history.pushState({}, '', address);
    window.dispatchEvent(new PopStateEvent('popstate'));
    return before;
}"""
)
"""What the browser's own buttons do; it keeps the query, which a link of the menu has not."""
_RAN = """before => window.runsEnded > before.ended
    && document.querySelector('h1')?.innerText !== before.title"""
_STANDS = """() =>
    document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && document.querySelector('h1')
    && [...document.querySelectorAll("iframe[src*='st_aggrid']")].every(list =>
        list.contentDocument?.querySelector('.ag-row:not(.fp-waiting), .fp-note'))"""
_QUIET = (
    "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
)
POLL_MS = 50
SENT_MS = 150


def go(page: Page, path: str) -> None:
    """Open a page inside the portal and wait until it stands, its lists with it."""
    if page.url == "about:blank":
        page.goto(path)
        stands(page)
        return
    stands(page)
    here = urlsplit(page.url)
    before = page.evaluate(_GO, f"{here.scheme}://{here.netloc}{path}")
    page.wait_for_function(_RAN, arg=before, polling=POLL_MS)
    stands(page)


def stands(page: Page) -> None:
    """Wait until the page has drawn itself and its lists have rows or say that there are none."""
    page.wait_for_function(_STANDS, polling=POLL_MS)


def drawn_after(page: Page, act: Callable[[], None]) -> None:
    """Do something on a page and wait until the page has drawn itself anew because of it."""
    page.wait_for_function(_QUIET, polling=POLL_MS)
    ended = page.evaluate(f"() => {{{_COUNTED} return window.runsEnded; }}")
    act()
    page.wait_for_function("ended => window.runsEnded > ended", arg=ended, polling=POLL_MS)
    page.wait_for_function(_QUIET, polling=POLL_MS)


def type_into(field: Locator, text: str) -> None:
    """Fill a field, leave it, and wait until the page has taken it in."""
    field.fill(text)
    field.press("Tab")
    field.page.wait_for_timeout(SENT_MS)
    field.page.wait_for_function(_QUIET, polling=POLL_MS)
