"""The forecast page: choose → what to expect and how sure, fan and track record, map, all areas, methods → source."""

import streamlit as st

from pages.parts import forecast_choices, forecast_views
from pages.parts.frame import reader

choices, picture = st.columns([1, 3.4], gap="medium")
with choices:
    choice = forecast_choices.choose(reader().catalogue)
with picture:
    forecast_views.show(choice)
