"""A mail as plain text, for programs and people that don't read HTML."""

import textwrap

from portal.domain.written import clean
from portal.mail.blocks import Amount, Block, Button, Content, Facts, Rows, Small, Text
from portal.mail.brand import Brand

WIDTH = 72


def plain_body(content: Content, brand: Brand) -> str:
    """The whole text of a mail; it says what the HTML says."""
    parts = [clean(content.title), *(_block(block) for block in content.blocks)]
    foot = [line for line in (clean(content.why), clean(brand.firm_name)) if line]
    return "\n\n".join(parts) + "\n\n-- \n" + "\n".join(foot) + "\n"


def _block(block: Block) -> str:
    match block:
        case Text(text) | Small(text):
            return "\n".join(
                textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
                for line in clean(text).split("\n")
            )
        case Amount():
            note = f" ({clean(block.note)})" if block.note else ""
            return f"{clean(block.label)}: {clean(block.value)}{note}"
        case Button():
            return f"{clean(block.label)}:\n{block.link}"
        case Facts(pairs):
            return "\n".join(f"{clean(name)}: {clean(value)}" for name, value in pairs)
        case Rows():
            return _table(block)


def _table(block: Rows) -> str:
    lines = [block.head, *block.rows, *([block.total] if block.total else [])]
    texts = [[clean(text) for text in line] for line in lines]
    widths = [max(len(line[at]) for line in texts) for at in range(len(block.head))]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(
            text.rjust(widths[at]) if at == last else text.ljust(widths[at])
            for at, text in enumerate(line)
        ).rstrip()
        for line in texts
    )
