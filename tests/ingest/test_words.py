"""The words offices use for ages and sexes, each with the code it means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.ingest.words import AGE, age_of, sex_of
from model.vocabulary import age_bounds


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unter 3 Jahre", "Y0T2"), ("unter 1 Jahr", "Y0"), ("1-Jährige", "Y1"), ("7", "Y7"), ("7 Jahre", "Y7"),
        ("0_bis_unter_1", "Y0"),
        ("18 bis unter 25 Jahre", "Y18T24"), ("15 bis 64", "Y15T64"), ("15-64", "Y15T64"), ("20 – 29", "Y20T29"),
        ("65 Jahre und mehr", "Y_GE65"), ("65 und älter", "Y_GE65"), ("75 u.m.", "Y_GE75"), ("85+", "Y_GE85"),
        ("ab 60", "Y_GE60"),
        ("65 and over", "Y_GE65"), ("under 18", "Y0T17"), ("Insgesamt", "_T"), ("total", "_T"), ("", "_T"),
        ("_T", "_T"), ("Y0T4", "Y0T4"), ("Y_LT18", "Y0T17"), ("Y_GE0", "_T"), ("Y5T5", "Y5"),
    ],
)  # fmt: skip
def test_ages(text: str, code: str) -> None:
    assert age_of(text) == code


@pytest.mark.parametrize("text", ["über 60", "alt", "9 bis 3", "Y9T3", "unter 0", "200", "-5", "Schüler"])
def test_what_is_no_age_is_not_guessed(text: str) -> None:
    assert age_of(text) is None


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 120), st.integers(0, 120))
def test_words_and_code_have_the_same_bounds(a: int, b: int) -> None:
    first, last = min(a, b), max(a, b)
    code = age_of(f"{first} bis unter {last + 1} Jahre")
    assert code is not None
    assert age_bounds(code) == (first, last)
    assert age_of(code) == code
    assert code in AGE.categories


@pytest.mark.parametrize(
    ("text", "code"),
    [("weiblich", "F"), ("Frauen", "F"), ("W", "F"), ("female", "F"), ("männlich", "M"),
     ("m", "M"), ("Männer", "M"), ("Insgesamt", "_T"), ("", "_T")],
)  # fmt: skip
def test_sexes(text: str, code: str) -> None:
    assert sex_of(text) == code


def test_an_unknown_sex_is_not_guessed() -> None:
    assert sex_of("divers") is None
