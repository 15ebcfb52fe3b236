"""The start page: questions to begin with, the city at a glance, what changed most, how complete the data are."""

import streamlit as st

from pages.parts import frame, overview_changes, overview_glance, overview_questions, overview_state
from pages.parts.frame import reader

catalogue = reader().catalogue
figures = overview_glance.city_figures(catalogue)
overview_glance.heading(catalogue, figures)

questions, glance = st.columns([1, 2.7], gap="large")
with questions:
    overview_questions.show(catalogue)
    if not frame.narrow():
        overview_changes.show(catalogue)
with glance:
    overview_glance.show(catalogue, figures)
if frame.narrow():
    overview_changes.show(catalogue)
overview_state.show(catalogue)
