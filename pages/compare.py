"""The comparison page: question → choices → picture with its finding, table, source."""

import streamlit as st

from pages.parts import compare_choices, compare_views
from pages.parts.frame import reader

view = compare_choices.view_choice()
choices, picture = st.columns([1, 3.4], gap="medium")
with choices:
    choice = compare_choices.choose(view, reader().catalogue)
    settings = st.container()
with picture:
    compare_views.show(choice, settings)
