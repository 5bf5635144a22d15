"""A deed that can't be undone asks once more, where its button stood."""

import streamlit as st


def confirmed(label: str, *, question: str, sure: str, key: str) -> bool:
    """Draw a button and, once it is clicked, the question. Returns: whether it is answered yes."""
    asked = f"{key}_asked"
    if not st.session_state.get(asked):
        if st.button(label, key=key, type="tertiary"):
            st.session_state[asked] = True
            st.rerun()
        return False
    st.markdown(question)
    with st.container(horizontal=True):
        is_sure = st.button(sure, key=f"{key}_sure", type="primary")
        is_kept = st.button("Keep it", key=f"{key}_keep")
    if is_sure or is_kept:
        del st.session_state[asked]
    if is_kept:
        st.rerun()
    return is_sure
