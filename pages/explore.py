"""The map page: choose → map, ranking, course over time, table → source."""

import streamlit as st

from pages.parts import explore_choices, explore_pictures, explore_times
from pages.parts.frame import reader

choices, pictures = st.columns([1, 3.4], gap="medium")
with choices:
    choice = explore_choices.choose(reader().catalogue)
with pictures:
    every = explore_times.STEP if explore_times.playing() else None
    st.fragment(explore_pictures.show, run_every=every)(choice)
