"""One area: choose → key figures, ages, course over time, areas like it → source."""

import streamlit as st

from pages.parts import area_choice, area_place, area_views
from pages.parts.frame import reader

catalogue = reader().catalogue
choices, picture = st.columns([1, 3.4], gap="medium")
with choices:
    area = area_choice.choose(catalogue)
    locator = st.container()
    area_place.ways(area, catalogue)
with picture:
    alike = area_views.show(area, catalogue)
with locator:
    area_place.locator(area, alike)
