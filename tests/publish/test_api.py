"""The routes: what they answer, what they refuse with which hint, and that nothing hidden ever leaves."""

from __future__ import annotations

import csv
import io

import pytest

from model.forecast import METHODS

RELEASE = "0123456789ab"
EVERY_ADDRESS = (
    "/api/v1/health", "/api/v1/indicators", "/api/v1/data/people.csv", "/api/v1/data/people.json?sex=all&age=all",
    "/api/v1/data/poor.csv", "/api/v1/data/share.json", f"/api/v1/areas/{RELEASE}/quarter.geojson",
    f"/api/v1/areas/{RELEASE}/quarter-hatch.geojson", f"/api/v1/map/{RELEASE}/quarter/poor.geojson",
    f"/api/v1/map/{RELEASE}/quarter/share.geojson?lang=en",
)  # fmt: skip


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_health_counts_what_the_reader_may_see(client):
    found = client().get("/api/v1/health").json()
    assert found == {"package": "kleinstadt", "release": RELEASE, "indicators": 9, "areas": 4, "observations": 12}
    assert client("steward").get("/api/v1/health").json()["observations"] == 15


def test_indicators_are_described_and_name_no_part_that_is_absent(client):
    listed = {entry["id"]: entry for entry in client().get("/api/v1/indicators").json()}
    assert {"secret", "inside"}.isdisjoint(listed)
    assert listed["share"]["numerator"] == "poor" and listed["share"]["title"] == {"de": "Titel share", "en": "Title share"}
    assert listed["joint"]["numerator"] == "" and listed["joint"]["denominator"] == "people"
    assert client("admin").get("/api/v1/indicators").json()[-1]["numerator"] == "secret"


def test_data_come_as_csv_and_json_with_the_same_rows(client):
    as_csv = rows(client().get("/api/v1/data/poor.csv").text)
    assert [(r["area"], r["value"], r["status"]) for r in as_csv] == [
        ("a", "", "suppressed"), ("b", "0.0", "normal"), ("0", "50.0", "normal"), ("c", "", "missing"),
    ]  # fmt: skip
    as_json = client().get("/api/v1/data/poor.json").json()
    assert [(r["area"], r["value"], r["status"]) for r in as_json] == [
        ("a", None, "suppressed"), ("b", 0.0, "normal"), ("0", 50.0, "normal"), ("c", None, "missing"),
    ]  # fmt: skip
    assert as_csv[0]["period"] == as_json[0]["period"] == "2024-01-01"


def test_data_can_be_narrowed_down(client):
    ask = client().get
    assert [r["area"] for r in rows(ask("/api/v1/data/poor.csv?area=a&area=0").text)] == ["a", "0"]
    assert [r["area"] for r in rows(ask("/api/v1/data/poor.csv?unit=quarter").text)] == ["a", "b", "c"]
    assert ask("/api/v1/data/poor.json?period=2023").json() == []
    assert len(ask("/api/v1/data/poor.json?period=2020&period=2024").json()) == 4
    assert [r["sex"] for r in ask("/api/v1/data/people.json?area=a").json()] == ["_T"]
    assert [r["value"] for r in ask("/api/v1/data/people.json?area=a&sex=F").json()] == [51.0]
    assert [r["sex"] for r in ask("/api/v1/data/people.json?area=a&sex=all").json()] == ["_T", "F"]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/api/v1/data/peple.csv", 404, "'people'"),
        ("/api/v1/data/poor.csv?area=aa", 404, "'aa' is not known"),
        ("/api/v1/data/poor.csv?unit=quarters", 404, "'quarter'"),
        ("/api/v1/data/poor.xml", 400, "csv or json"),
        ("/api/v1/data/poor.csv?period=yesterday", 400, "cannot be read"),
        ("/api/v1/data/poor.csv?period=2024-02-31", 400, "no day of the calendar"),
        ("/api/v1/data/poor.csv?period=0000", 400, "no day of the calendar"),
        ("/api/v1/data/poor.csv?period=2024&period=2020", 400, "ends before it begins"),
        ("/api/v1/data/poor.csv?sex=X", 400, "not a code"),
        ("/api/v1/data/poor.csv?age=old", 400, "not a code"),
        ("/api/v1/areas/ffffffffffff/quarter.geojson", 404, "Data release"),
        (f"/api/v1/areas/{RELEASE}/city.geojson", 400, "no boundaries"),
        (f"/api/v1/areas/{RELEASE}/quartr.geojson", 404, "'quarter'"),
        (f"/api/v1/areas/{RELEASE}/..%2Fpackage.geojson", 404, ""),
        (f"/api/v1/areas/{RELEASE}/observations.geojson", 404, "not known"),
        (f"/api/v1/map/{RELEASE}/quarter/poor.geojson?lang=fr", 404, "Language"),
        ("/api/v1/map/ffffffffffff/quarter/poor.geojson", 404, "Data release"),
    ],
)
def test_a_refusal_has_a_status_a_reason_and_a_near_name(client, address, status, said):
    answer = client().get(address)
    assert answer.status_code == status
    assert said in answer.text
    if said:
        assert answer.headers["cache-control"] == "no-store" and set(answer.json()) == {"error", "hint"}


@pytest.mark.parametrize("hidden", [
    "/api/v1/data/secret.csv", "/api/v1/data/inside.json", f"/api/v1/map/{RELEASE}/quarter/secret.geojson",
    f"/api/v1/areas/{RELEASE}/block.geojson", "/api/v1/data/people.csv?unit=block", "/api/v1/data/people.csv?area=a1",
])  # fmt: skip
def test_what_the_public_may_not_see_does_not_exist(client, hidden):
    answer = client().get(hidden)
    assert answer.status_code == 404
    hint = answer.json()["hint"]
    assert not any(f"'{name}'" in hint for name in ("secret", "inside", "block", "a1"))
    assert client("steward").get(hidden).status_code == 200


def test_addresses_with_a_release_never_change_and_the_others_are_asked_again(client):
    public, internal = client(), client("viewer")
    for address in EVERY_ADDRESS:
        kept = "/areas/" in address or "/map/" in address
        assert public.get(address).headers["cache-control"] == ("public, max-age=31536000, immutable" if kept else "no-cache")
        assert ("private" in internal.get(address).headers["cache-control"]) is kept


def test_formats_say_what_they_are(client):
    kinds = {".csv": "text/csv; charset=utf-8", ".geo": "application/geo+json", "json?": "application/json"}
    ask = client().get
    assert ask("/api/v1/data/poor.csv").headers["content-type"] == kinds[".csv"]
    assert ask("/api/v1/data/poor.json").headers["content-type"] == kinds["json?"]
    assert ask(f"/api/v1/map/{RELEASE}/quarter/poor.geojson").headers["content-type"] == kinds[".geo"]


def test_a_map_carries_position_name_and_protected_words(client):
    features = client().get(f"/api/v1/map/{RELEASE}/quarter/poor.geojson").json()["features"]
    assert [f["properties"] for f in features] == [
        {"i": 0, "code": "c", "name": "Au", "t2024": "nicht veröffentlicht"},
        {"i": 1, "code": "a", "name": "Altstadt", "t2024": "geheim gehalten"},
        {"i": 2, "code": "b", "name": "Berg", "t2024": "0"},
    ]
    english = client().get(f"/api/v1/map/{RELEASE}/quarter/share.geojson?lang=en").json()["features"]
    assert [f["properties"]["t2024"] for f in english] == ["not published", "confidential", "0"]


def test_a_forecast_is_asked_for_by_method_and_level(client):
    ask = client().get
    address = f"/api/v1/forecast/{RELEASE}/quarter/people.geojson"
    assert ask(address).text == f"quarter people de {METHODS[0]} 80.0"
    assert ask(f"{address}?lang=en&method={METHODS[-1]}&level=95").text == f"quarter people en {METHODS[-1]} 95.0"
    assert ask(address).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ask(f"{address}?level=81").status_code == ask(f"{address}?method=guess").status_code == 404
    assert ask(address.replace("people", "secret")).status_code == ask(address.replace(RELEASE, "f" * 12)).status_code == 404


def test_hatch_lines_know_their_area_by_position(client):
    lines = client().get(f"/api/v1/areas/{RELEASE}/quarter-hatch.geojson").json()["features"]
    assert [(f["properties"]["code"], f["properties"]["i"]) for f in lines] == [("a", 1), ("b", 2)]


@pytest.mark.parametrize("address", EVERY_ADDRESS)
def test_no_hidden_value_and_no_hidden_name_leaves_by_any_route(client, address):
    said = client().get(address).text
    for hidden in ("2.125", "2,1", '"value":2.0', ",2.0,", "71", "61", "secret", "inside", "Block 1"):
        assert hidden not in said, hidden
