"""The three things only the browser can do: set the page's language, know its width, copy its address."""

from __future__ import annotations

import streamlit as st

NARROW = 700  # CSS pixels; below it the page is read on a phone

_PAGE = st.components.v2.component(
    "datalab_page",
    html="<span></span>",
    js=f"""
export default function ({{ data, setStateValue }}) {{
  document.documentElement.lang = data.language;
  const tell = () => setStateValue("narrow", window.innerWidth < {NARROW});
  if ((window.innerWidth < {NARROW}) !== data.narrow) tell();
}}
""",
)

_COPY = st.components.v2.component(
    "datalab_copy_link",
    html='<button type="button">Link</button><span role="status" aria-live="polite"></span>',
    css="""
button { font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: var(--st-background-color); cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.4rem); padding: 0.45rem 0.8rem;
  min-height: 2.5rem; white-space: nowrap; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
""",
    js="""
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("span");
  button.textContent = data.label;
  const copy = async (words) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(words);
    const field = document.createElement("textarea");  // no clipboard without TLS: the old way
    field.value = words;
    document.body.appendChild(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
  button.onclick = async () => {
    await copy(window.location.href);
    button.textContent = data.done;
    said.textContent = data.done;
    setTimeout(() => { button.textContent = data.label; said.textContent = ""; }, 1800);
  };
}
""",
)


def page(language: str, narrow: bool) -> bool:
    """Tell the browser the page's language; return whether the window is as narrow as a phone (after the first run)."""
    result = _PAGE(data={"language": language, "narrow": narrow}, key="browser_page", on_narrow_change=lambda: None, height=1)
    return bool(result.narrow) if result.narrow is not None else narrow


def copy_link(label: str, done: str, key: str) -> None:
    """Show a button that copies the address of exactly this view."""
    _COPY(data={"label": label, "done": done}, key=key, height="content")
