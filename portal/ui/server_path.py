"""Where the portal is served: what stands before every path of ours in the browser."""

import streamlit as st


def base_path() -> str:
    """The path the portal is served under, without a slash at the end; mostly empty."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""
