"""The server: Streamlit runs pages/front_door.py, the open-data routes live beside it in the same process."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # pages/ and model/ are found whatever the working folder is

import streamlit as st  # noqa: E402

from pages.parts.server import lifespan, middleware, routes  # noqa: E402

app = st.App(str(ROOT / "pages" / "front_door.py"), routes=routes(), middleware=middleware(), lifespan=lifespan)
