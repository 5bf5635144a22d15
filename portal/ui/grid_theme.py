"""How a list looks: the grid's theme parameters and the style sheet of its bars, both modes."""

from functools import cache
from pathlib import Path

from portal.ui.theme import DARK, PALETTES

ASSETS = Path(__file__).parent / "grid_assets"
ROW_HEIGHT = 40
HEADER_HEIGHT = 40
FONT = "Inter, -apple-system, 'Segoe UI', sans-serif"


def theme_params(mode: str) -> dict[str, str | int | bool]:
    """The parameters of the grid's theme in one mode."""
    colours = PALETTES[mode]
    return {
        "fontFamily": FONT,
        "fontSize": 13,
        "spacing": 7,
        "rowHeight": ROW_HEIGHT,
        "headerHeight": HEADER_HEIGHT,
        "wrapperBorder": False,
        "wrapperBorderRadius": 0,
        "borderRadius": 6,
        "checkboxBorderRadius": 4,
        "columnBorder": False,
        "headerColumnBorder": False,
        "headerColumnResizeHandleColor": "transparent",
        "headerFontWeight": 600,
        "headerFontSize": 12,
        "cellHorizontalPadding": 12,
        "iconSize": 14,
        "accentColor": colours.accent,
        "backgroundColor": colours.background,
        "oddRowBackgroundColor": colours.background,
        "foregroundColor": colours.text,
        "borderColor": colours.line,
        "headerBackgroundColor": colours.surface,
        "headerTextColor": colours.quiet,
        "rowHoverColor": colours.hover,
        "selectedRowBackgroundColor": colours.selected,
        "menuBackgroundColor": colours.raised,
        "browserColorScheme": "dark" if mode == DARK else "light",
    }


def style_rules(mode: str) -> dict[str, dict[str, str]]:
    """The style sheet in the form the grid takes it: selector to properties."""
    colours = PALETTES[mode]
    names = {f"--fp-{name.replace('_', '-')}": value for name, value in vars(colours).items()}
    return {
        "@font-face": {
            "font-family": "Inter",
            "src": "url('../../app/static/Inter.woff2') format('woff2')",
            "font-weight": "100 900",
            "font-display": "swap",
        },
        ":root": {**names, "color-scheme": "dark" if mode == DARK else "light"},
        _style_sheet(): {"--fp-style": "1"},
    }


@cache
def _style_sheet() -> str:
    """The whole of grid.css on one line, ending in a selector.

    The grid writes `<key> {<properties>}`: a sheet followed by one last selector is such a key.
    Line ends would be lost on the way, so they become spaces here.
    """
    text = (ASSETS / "grid.css").read_text(encoding="utf-8")
    return " ".join(text.split()) + " .fp-style-end"
