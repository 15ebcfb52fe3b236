"""A first run that a rerun overtakes has not read the whole address; the next run reads the rest."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def overtaken() -> None:
    """Read one parameter, be overtaken once, then read a second one."""
    import streamlit as st

    from pages.parts import session

    session.begin("page")
    first = session.prepare("first", session.one_of(["a", "b"]), "a")
    if "overtaken" not in st.session_state:
        st.session_state["overtaken"] = True
        st.rerun()
    second = session.prepare("second", session.one_of(["a", "b"]), "a")
    session.finish()
    st.text(f"{first}{second}")


def test_an_overtaken_first_run_loses_no_parameter() -> None:
    page = AppTest.from_function(overtaken, default_timeout=30)
    page.query_params["first"] = page.query_params["second"] = "b"
    page.run()
    assert page.text[0].value == "bb"
