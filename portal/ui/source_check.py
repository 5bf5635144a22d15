"""What the mapping reads and leaves empty, and whether the data passes its checks."""

from collections.abc import Mapping

import streamlit as st

from portal.domain.errors import PortalError
from portal.lists.columns import Column, Kind
from portal.ui import frame, grid

_KEPT = "data_examined"
_WORDS = {
    "aging_day_ties": "Aging adds up to the open invoices",
    "client_list_ties": "Clients' balances add up to their invoices",
    "every_entry_has_a_client": "Every invoice and payment has a client",
    "invoice_list_ties": "Invoice balances equal amounts less applications",
    "months_tie": "Monthly figures add up to their entries",
    "open_invoices_tie": "Open invoices are those with a balance",
    "receipt_list_ties": "Payments equal applied and unapplied",
}
"""The files of queries/checks in words; one without words shows its name."""

_CHECKS = (
    Column(id="check", label="Check", kind=Kind.TEXT, width=380),
    Column(id="result", label="Result", kind=Kind.CHOICE, width=160),
    Column(id="found", label="Rows that should not be there", kind=Kind.NUMBER, width=250),
)
_MISSING = (
    Column(id="table", label="Table", kind=Kind.TEXT, width=180),
    Column(id="columns", label="Columns that stay empty", kind=Kind.TEXT, width=600),
)
_CHOICES = (
    Column(id="choice", label="Choice in firm.toml", kind=Kind.TEXT, width=280),
    Column(id="value", label="Value", kind=Kind.TEXT, width=500),
)


def draw() -> None:
    """Draw what was found when last looked, and the button that looks again."""
    st.caption("Looks at the source, the mapping and the data; it changes nothing.")
    if st.button("Check now", icon=":material/stethoscope:", key="data_check"):
        _examine()
    if found := st.session_state.get(_KEPT):
        _report(found)


def _examine() -> None:
    try:
        with st.spinner("Looking at the source, the mapping and the data …"):
            st.session_state[_KEPT] = dict(frame.portal().examine())
    except PortalError as problem:
        st.session_state.pop(_KEPT, None)
        frame.refused(str(problem))


def _report(found: Mapping[str, object]) -> None:
    mapping = frame.plain(str(found["mapping"]))
    if found["source"] == "reachable":
        st.success(f"The source can be read with the mapping {mapping}.", icon=":material/link:")
    else:
        st.error(frame.plain(str(found["source"])), icon=":material/link_off:")
    for warning in list(found.get("warnings", [])):
        st.warning(frame.plain(str(warning)), icon=":material/warning:")
    checks = [
        {
            "check": _WORDS.get(name, name.replace("_", " ").capitalize()),
            "result": "Failed" if rows else "Passed",
            "found": rows,
        }
        for name, rows in dict(found.get("checks", {})).items()
    ]
    _table("Checks", checks, _CHECKS, "check", "No data has been loaded yet.")
    missing = [
        {"table": table, "columns": ", ".join(columns)}
        for table, columns in dict(found.get("missing_columns", {})).items()
    ]
    _table("Columns", missing, _MISSING, "table", "The mapping fills every column.")
    choices = [
        {"choice": name, "value": ", ".join(value) if isinstance(value, list) else str(value)}
        for name, value in dict(found["firm_choices"]).items()
    ]
    _table("Choices", choices, _CHOICES, "choice", "The firm has made no choices of its own.")


def _table(
    title: str,
    rows: list[dict[str, object]],
    columns: tuple[Column, ...],
    row_id: str,
    otherwise: str,
) -> None:
    st.header(title, anchor=False)
    if not rows:
        st.caption(otherwise)
        return
    grid.small_grid(rows, columns, row_id=row_id, key=title.lower(), title=title)
