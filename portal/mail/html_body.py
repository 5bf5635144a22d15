"""A mail as HTML that every mail program shows: tables, styles in place, no script, no picture."""

from collections.abc import Sequence
from html import escape

from portal.domain.written import clean
from portal.mail.blocks import Amount, Block, Button, Content, Facts, Rows, Small, Text
from portal.mail.brand import Brand

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_INK, _QUIET, _LINE, _ALARM = "#1d2733", "#5d6b7a", "#dde3ea", "#b42318"


def html_body(content: Content, brand: Brand) -> str:
    """The whole HTML of a mail. Every text in it is text: nothing can be read as markup."""
    blocks = "".join(_row(_block(block, brand)) for block in content.blocks)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light">'
        f"<title>{_text(content.subject)}</title></head>"
        f'<body style="margin:0;padding:0;background:#f3f5f8;{_FONT};color:{_INK}">'
        f'<div style="display:none;max-height:0;overflow:hidden">{_text(content.preview)}</div>'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        'style="background:#f3f5f8"><tr><td align="center" style="padding:24px 12px">'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" '
        'style="width:100%;max-width:600px;background:#ffffff;border:1px solid '
        f'{_LINE};border-radius:8px">'
        f"{_head(brand)}"
        f'<tr><td style="padding:28px 32px 4px"><h1 style="margin:0;font-size:22px;'
        f'line-height:1.3;font-weight:600;color:{_INK}">{_text(content.title)}</h1></td></tr>'
        f"{blocks}"
        '<tr><td style="padding:0 0 20px"></td></tr></table>'
        f"{_foot(content, brand)}"
        "</td></tr></table></body></html>"
    )


def _head(brand: Brand) -> str:
    return (
        f'<tr><td style="padding:18px 32px;background:{brand.colour};border-radius:8px 8px 0 0;'
        f'color:#ffffff;font-size:16px;font-weight:600">{_text(brand.firm_name)}</td></tr>'
    )


def _foot(content: Content, brand: Brand) -> str:
    why = f"{_text(content.why)}<br>" if content.why else ""
    return (
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" '
        'style="width:100%;max-width:600px"><tr><td style="padding:16px 32px;font-size:12px;'
        f'line-height:1.5;color:{_QUIET};text-align:center">{why}{_text(brand.firm_name)}'
        "</td></tr></table>"
    )


def _row(inner: str) -> str:
    return f'<tr><td style="padding:12px 32px 0">{inner}</td></tr>'


def _block(block: Block, brand: Brand) -> str:
    match block:
        case Text(text):
            return f'<p style="margin:0;font-size:15px;line-height:1.55">{_text(text)}</p>'
        case Small(text):
            return (
                f'<p style="margin:4px 0 0;font-size:13px;line-height:1.5;color:{_QUIET}">'
                f"{_text(text)}</p>"
            )
        case Amount():
            return _amount(block)
        case Button():
            return _button(block, brand)
        case Facts(pairs):
            return _facts(pairs)
        case Rows():
            return _table(block)


def _amount(block: Amount) -> str:
    colour = _ALARM if block.is_alarming else _INK
    note = f'<div style="font-size:14px;color:{_QUIET}">{_text(block.note)}</div>'
    return (
        f'<div style="font-size:13px;color:{_QUIET}">{_text(block.label)}</div>'
        f'<div style="font-size:32px;line-height:1.25;font-weight:600;color:{colour}">'
        f"{_text(block.value)}</div>{note if block.note else ''}"
    )


def _button(block: Button, brand: Brand) -> str:
    # The colour stands on the cell and on the link: some programs drop one of the two.
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 4px">'
        f'<tr><td bgcolor="{brand.colour}" style="background:{brand.colour};border-radius:6px">'
        f'<a href="{escape(block.link, quote=True)}" style="display:inline-block;'
        f"padding:13px 28px;font-size:16px;font-weight:600;color:#ffffff;{_FONT};"
        f'text-decoration:none;border-radius:6px;background:{brand.colour}">'
        f"{_text(block.label)}</a></td></tr></table>"
    )


def _facts(pairs: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><td style="padding:4px 16px 4px 0;color:{_QUIET};vertical-align:top">'
        f'{_text(name)}</td><td style="padding:4px 0;text-align:right">{_text(value)}</td></tr>'
        for name, value in pairs
    )
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        f'style="font-size:14px;line-height:1.45">{rows}</table>'
    )


def _table(block: Rows) -> str:
    last = len(block.head) - 1

    def cells(texts: Sequence[str], tag: str, style: str) -> str:
        return "".join(
            f'<{tag} style="padding:8px {0 if at == last else 12}px 8px 0;'
            f'text-align:{"right" if at == last else "left"};{style}">{_text(text)}</{tag}>'
            for at, text in enumerate(texts)
        )

    quiet = f"font-size:12px;font-weight:400;color:{_QUIET};border-bottom:1px solid {_LINE}"
    head = f"<tr>{cells(block.head, 'th', quiet)}</tr>"
    line = f"font-size:14px;border-bottom:1px solid {_LINE}"
    rows = "".join(f"<tr>{cells(row, 'td', line)}</tr>" for row in block.rows)
    total = f"<tr>{cells(block.total, 'td', 'font-size:14px;font-weight:600')}</tr>"
    return (
        '<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">'
        f"{head}{rows}{total if block.total else ''}</table>"
    )


def _text(text: str) -> str:
    return escape(clean(text), quote=True).replace("\n", "<br>")
