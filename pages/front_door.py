"""The script Streamlit runs: language, navigation, then the page inside the one error boundary."""

from pages.parts import frame

frame.open_house()
