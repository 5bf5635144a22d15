"""The form of the rules as somebody began it: what they changed outlives a look at other parts.

The version it began with stays the form's own. When somebody else saves another one meanwhile,
putting this one in force is refused and said, never a silent overwriting.
"""

from collections.abc import Mapping

import streamlit as st

from portal.domain.collection_rules import Message
from portal.services.statement_ports import RulesVersion

_BEGAN = "rules_began_with"
_MESSAGES = "rules_messages_changed"


def begun(current: RulesVersion) -> RulesVersion:
    """The version the form on the page was begun with; `current` where it is drawn anew."""
    began = st.session_state.get(_BEGAN)
    # Streamlit forgets what stood in a form when its page is left: the draft goes with it.
    if began is None or key("on", began) not in st.session_state:
        st.session_state[_BEGAN] = began = current
        st.session_state[_MESSAGES] = {}
    return began


def forget() -> None:
    """The next form begins with what is in force then."""
    st.session_state.pop(_BEGAN, None)


def key(part: str, began: RulesVersion) -> str:
    """The key of a part of the form; a newer version's form is another one."""
    return f"rules_{part}_{began.version}"


def messages(began: RulesVersion) -> dict[str, Message]:
    """Choose a message and write it. Returns: all of them, as they are written now."""
    written: dict[str, Message] = st.session_state[_MESSAGES]
    with st.container(border=True):
        st.markdown("**Messages**")
        kept = {**began.rules.messages, **written}
        chosen = st.selectbox(
            "Message", list(kept), format_func=str.capitalize, key=key("message", began)
        )
        written[chosen] = _write(chosen, kept, began)
        st.caption(
            "{firm} becomes the firm's name. The balance, the invoices and the button to review "
            "and pay are added by the mail."
        )
    return {**began.rules.messages, **written}


def _write(chosen: str, kept: Mapping[str, Message], began: RulesVersion) -> Message:
    subject, text = key(f"subject_{chosen}", began), key(f"text_{chosen}", began)
    # Fields of a message that is not on screen are forgotten: the draft gives them back.
    st.session_state.setdefault(subject, kept[chosen].subject)
    st.session_state.setdefault(text, kept[chosen].text)
    return Message(
        subject=st.text_input("Subject", key=subject),
        text=st.text_area("Text", height=150, key=text),
    )
