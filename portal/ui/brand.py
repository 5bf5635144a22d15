"""The portal's own mark: an open door in a rounded square, drawn here, loaded from nowhere."""

from html import escape

LONGEST_NAME = 24

_DOOR = (
    '<rect width="40" height="40" rx="10" fill="#4F46E5"/>'
    '<path d="M11 32V17a9 9 0 0 1 18 0v15" fill="none" stroke="#fff" stroke-width="3"'
    ' stroke-linecap="round"/>'
    '<path d="M17.5 32v-7M22.5 32V20" stroke="#C7D2FE" stroke-width="3" stroke-linecap="round"/>'
)


def mark() -> str:
    """The mark alone, as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
        f"{_DOOR}</svg>"
    )


def lettering(firm_name: str, *, is_dark: bool) -> str:
    """The mark with the firm's name beside it, as SVG for a light or a dark background."""
    shown = firm_name if len(firm_name) <= LONGEST_NAME else f"{firm_name[: LONGEST_NAME - 1]}…"
    name, below = ("#F1F5F9", "#94A3B8") if is_dark else ("#0F172A", "#64748B")
    width = 60 + 9 * max(len(shown), len("Firm Portal"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="40"'
        f' viewBox="0 0 {width} 40" font-family="Inter, \'Segoe UI\', system-ui, sans-serif">'
        f"{_DOOR}"
        f'<text x="52" y="18" font-size="15" font-weight="650" fill="{name}">{escape(shown)}</text>'
        f'<text x="52" y="34" font-size="11.5" fill="{below}">Firm Portal</text></svg>'
    )
