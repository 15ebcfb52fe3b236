"""The map page: choose → map, ranking, course over time, table → source."""

import streamlit as st

from pages.parts import explore_choices, explore_pictures, session
from pages.parts.frame import reader

catalogue = reader().catalogue
choices, picture = st.columns([1, 3.4], gap="medium")
with choices:
    choice = explore_choices.choose(catalogue)

with picture:
    playing = bool(session.recall("playing", False))
    st.fragment(explore_pictures.show, run_every=1.2 if playing else None)(choice)
