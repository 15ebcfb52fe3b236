"""The mirror of choices in the address: a link restores them, what is wrong falls back with a note."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import session


def page() -> None:
    import streamlit as st

    from pages.parts import session

    turned = st.session_state.get("_turned", "first")
    session.begin(turned)
    start = session.prepare("colour", session.one_of(["red", "green", "blue"]), "red")
    colour = st.selectbox("Colour", ["red", "green", "blue"], index=["red", "green", "blue"].index(start), key="colour")
    session.keep("colour", colour, "red")
    some = session.prepare("area", session.some_of(["01", "02", "03"], 2), [])
    chosen = st.multiselect("Areas", ["01", "02", "03"], default=some, key="area", max_selections=2)
    session.keep("area", list(chosen), [])
    if turned == "first":
        limit = session.prepare("limit", lambda v: session.number(0, 10)(v) if v else None, None)
        session.keep("limit", st.number_input("Limit", value=limit, key="limit"), None)
        st.button("Blue", on_click=lambda: session.remember("colour", "blue"))
    for message in session.notes():
        st.info(message)
    session.finish()


def opened(**address: str | list[str]) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def address(app: AppTest) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in app.query_params.items()}


def test_a_link_restores_every_choice():
    app = opened(colour="green", area=["03", "01"], limit="2.5")
    assert app.selectbox[0].value == "green" and app.multiselect[0].value == ["03", "01"] and app.number_input[0].value == 2.5
    assert not app.info and address(app) == {"colour": ["green"], "area": ["03", "01"], "limit": ["2.5"]}


def test_choices_appear_in_the_address_and_defaults_do_not():
    app = opened()
    assert address(app) == {}
    app.selectbox[0].select("blue").run()
    app.multiselect[0].set_value(["02"]).run()
    assert address(app) == {"colour": ["blue"], "area": ["02"]}
    app.selectbox[0].select("red").run()
    app.multiselect[0].set_value([]).run()
    assert address(app) == {}


@pytest.mark.parametrize(("wrong", "note"), [
    ({"colour": "pink"}, "colour=pink"), ({"colour": ["red", "blue"]}, "colour=red, blue"),
    ({"area": ["01", "99"]}, "area=01, 99"),
    ({"area": ["01", "02", "03"]}, "area=01, 02, 03"), ({"limit": "11"}, "limit=11"), ({"limit": "nan"}, "limit=nan"),
    ({"limit": "many"}, "limit=many"),
])  # fmt: skip
def test_a_wrong_value_falls_back_with_one_note_and_is_gone_from_the_address(wrong, note):
    app = opened(**wrong)
    assert not app.exception
    assert [i.value for i in app.info] == [note]
    assert app.selectbox[0].value == "red" and app.multiselect[0].value == [] and app.number_input[0].value is None
    assert address(app) == {}
    assert not app.run().info  # said once


def test_a_long_wrong_value_is_cut():
    assert len(opened(colour="x" * 5000).info[0].value) == 120


def test_a_value_set_from_a_button_reaches_widget_and_address():
    app = opened(colour="green")
    app.button[0].click().run()
    assert app.selectbox[0].value == "blue" and address(app) == {"colour": ["blue"]}


def test_a_new_address_in_the_same_session_wins():
    app = opened(colour="green")
    app.query_params["colour"] = "blue"
    app.run()
    assert app.selectbox[0].value == "blue"


def test_choices_travel_from_page_to_page():
    app = opened(colour="green", limit="3")
    app.session_state["_turned"] = "second"
    app.query_params.clear()  # the navigation opens a page without parameters
    app.run()
    assert app.selectbox[0].value == "green" and address(app) == {"colour": ["green"]}
    app.session_state["_turned"] = "first"
    app.query_params.clear()
    app.run()
    assert app.number_input[0].value == 3.0


@pytest.mark.parametrize(
    ("value", "written"), [(True, ("1",)), (False, ("0",)), (None, ()), (["a", 2], ("a", "2")), (2.5, ("2.5",))]
)
def test_values_are_written_as_parameters(value, written):
    assert session._values(value) == written


def test_parsers_refuse_what_is_not_in_their_list():
    assert session.one_of(["a"])(("a",)) == "a"
    assert session.some_of(["a", "b"])(()) == []
    assert session.number(0, 1)(("0.5",)) == 0.5
    for parse, values in (
        (session.one_of(["a"]), ()),
        (session.some_of(["a"], 1), ("a", "a")),
        (session.number(0, 1), ("0", "1")),
    ):
        with pytest.raises(ValueError):
            parse(values)
