"""The ageing page: question → levers → answer, pyramid, map, course → why, needs, how sure → source."""

import streamlit as st

from pages.parts import ageing_question, ageing_views

every = ageing_question.STEP if ageing_question.playing() else None
st.fragment(ageing_views.show, run_every=every)()
