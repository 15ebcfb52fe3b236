"""Features become areas: codes, names, validity, parents, size and label point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from model.catalogue import Area
from model.errors import ReadError, near_names
from model.ingest.boundaries.layer import Feature
from model.ingest.boundaries.place import EQUAL_AREA, WGS84, project
from model.ingest.boundaries.plan import Plan

OVERLAP_LIMIT: Final = 0.1  # two current areas sharing more of the smaller one are one area twice, not a sliver
WELL_INSIDE: Final = 0.7  # of the radius of the largest circle
_DATES: Final = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d", "%Y%m%d", "%Y")


@dataclass(frozen=True)
class Outline:
    """An area with its geometry in WGS84 (None: none is known); `place` finds it in its file."""

    area: Area
    geometry: Any
    place: str


def outlines_of(features: Sequence[Feature], plan: Plan) -> list[Outline]:
    """Return one outline per code, in the order of codes. Raises ReadError for missing, unknown or doubled codes."""
    kept = [feature for feature in features if _wanted(feature, plan)]
    found: dict[str, Outline] = {}
    for feature in kept:
        outline = Outline(_area(feature, plan), feature.geometry, feature.place)
        code = outline.area.code
        if code in found and not plan.merge:
            hint = f"It is also in {found[code].place}. Say merge = true if these are parts of one area, or filter by [[where]]."
            raise ReadError(f"The code {code!r} stands twice.", where=feature.place, hint=hint)
        found[code] = _joined(found[code], outline) if code in found else outline
    if not found:
        raise ReadError("No feature is left after the filters.", where=str(plan.path), hint="Check [[where]] and layer.")
    return with_said(found, plan)


def with_said(found: Mapping[str, Outline], plan: Plan) -> list[Outline]:
    """Return the outlines completed by the recipe's own [[areas]], in the order of codes."""
    result = dict(found)
    seen = set()
    for number, said in enumerate(plan.areas, start=1):
        where = f"{plan.path} [[areas]] {number}"
        code = str(said.get("code", ""))
        if not code or code in seen:
            raise ReadError(f"The code {code!r} is missing or stands twice.", where=where)
        seen.add(code)
        base = result.get(code, Outline(Area(code=code, name="", unit=plan.unit.id), None, where))
        area = replace(base.area, **_said(said))
        _check_area(area, where)
        result[code] = replace(base, area=area)
    return [result[code] for code in sorted(result)]


def check(outlines: Mapping[str, Sequence[Outline]], plans: Mapping[str, Plan]) -> None:
    """Refuse codes doubled over units, unknown predecessors, unexpected numbers and areas lying on each other."""
    units: dict[str, str] = {}
    for unit, own in outlines.items():
        plan, codes = plans[unit], [outline.area.code for outline in own]
        current = [outline for outline in own if outline.area.is_current]
        if plan.expected is not None and len(current) != plan.expected:
            raise ReadError(f"{len(current)} current areas instead of {plan.expected}.", where=str(plan.path))
        for outline in own:
            code = outline.area.code
            if code in units:
                raise ReadError(f"The code {code!r} is used by {units[code]} and {unit}.", where=outline.place)
            units[code] = unit
            for former in outline.area.predecessors:
                check_known("predecessor", former, codes, outline.place)
        _check_apart([outline for outline in current if outline.geometry is not None])


def check_known(kind: str, code: str, known: Iterable[str], where: str) -> None:
    """Refuse a code that is not known, with near ones."""
    known = list(known)
    if code not in known:
        near = near_names(code, known) or known[:5]
        raise ReadError(f"The {kind} {code!r} is not a known area.", where=where, hint=f"Near are {', '.join(near)}.")


def with_measures(outlines: Sequence[Outline]) -> list[Area]:
    """Return the areas with label point (the place farthest from the outline, in degrees) and size in km²."""
    from shapely import area, get_x, get_y

    drawn = [outline for outline in outlines if outline.geometry is not None]
    if not drawn:
        return [outline.area for outline in outlines]
    flat = project([outline.geometry for outline in drawn], WGS84, EQUAL_AREA)
    points = project([_heart(shape) for shape in flat], EQUAL_AREA, WGS84)
    measures = {
        outline.area.code: (round(float(get_x(p)), 5), round(float(get_y(p)), 5), round(float(a) / 1e6, 4))
        for outline, p, a in zip(drawn, points, area(flat), strict=True)
    }
    return [_measured(outline.area, measures.get(outline.area.code)) for outline in outlines]


def _measured(area: Area, measures: tuple[float, float, float] | None) -> Area:
    if measures is None:
        return area
    return replace(area, longitude=measures[0], latitude=measures[1], square_km=measures[2])


def _heart(shape: Any) -> Any:
    """Return the place for a label: the centroid if it lies well inside, else the centre of the largest circle inside."""
    from shapely import get_point, maximum_inscribed_circle

    circle = maximum_inscribed_circle(shape, tolerance=max(shape.area**0.5 / 200, 0.01))
    inside = shape.contains(shape.centroid) and shape.boundary.distance(shape.centroid) >= WELL_INSIDE * circle.length
    return shape.centroid if inside else get_point(circle, 0)


def _wanted(feature: Feature, plan: Plan) -> bool:
    for rule in plan.where:
        text = _cell(feature, rule["column"])
        allowed = rule["in"] if "in" in rule else [rule.get("equals")]
        if text not in map(str, allowed):
            return False
    return True


def _cell(feature: Feature, header: str) -> str:
    if header not in feature.texts:
        near = near_names(header, feature.texts) or tuple(feature.texts)
        hint = f"The columns are {', '.join(near)}."
        raise ReadError(f"The column {header!r} is missing.", where=feature.place, hint=hint)
    return feature.texts[header]


def _area(feature: Feature, plan: Plan) -> Area:
    cells = {role: _role(feature, plan, role) for role in ("code", "name", "parent", "valid_from", "valid_to", "predecessors")}
    if "�" in cells["name"]:
        raise ReadError(f"The name {cells['name']!r} is in another encoding.", where=feature.place, hint="Say encoding = ….")
    start, end = (_day(cells[role], feature.place, role) for role in ("valid_from", "valid_to"))
    if end is not None and plan.valid_to_inclusive:
        end += timedelta(days=1)
    area = Area(
        code=cells["code"],
        name=cells["name"],
        unit=plan.unit.id,
        parent=cells["parent"],
        valid_from=start,
        valid_to=end,
        predecessors=tuple(re.split(r"[,;\s]+", cells["predecessors"])) if cells["predecessors"] else (),
    )
    _check_area(area, feature.place)
    return area


def _role(feature: Feature, plan: Plan, role: str) -> str:
    """Return the cell of a role after pattern and map; only code and name must have a column."""
    header = plan.header(role)
    needed = role in plan.columns or (role in ("code", "name") and not plan.areas) or role == "code"
    text = _cell(feature, header) if needed else feature.texts.get(header, "")
    if text and role in plan.pattern:
        match = plan.pattern[role].search(text)
        if match is None:
            raise ReadError(f"{text!r} does not fit the pattern {plan.pattern[role].pattern!r}.", where=f"{feature.place} {role}")
        text = match.group(1).strip()
    renamed = plan.map.get(role, {})
    if role == "code" and renamed:
        check_known("code", text, renamed, feature.place)
    return renamed.get(text, text)


def _said(said: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(said)
    if "predecessors" in values:
        values["predecessors"] = tuple(values["predecessors"])
    return values


def _check_area(area: Area, where: str) -> None:
    if not area.code:
        raise ReadError("The area has no code.", where=where)
    if not area.name:
        raise ReadError(f"The area {area.code!r} has no name.", where=where)
    if area.valid_from and area.valid_to and area.valid_from >= area.valid_to:
        raise ReadError(f"The area {area.code!r} ends before it begins.", where=where)


def _day(text: str, where: str, role: str) -> date | None:
    if not text:
        return None
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ReadError(f"{text!r} is not a date.", where=f"{where} {role}", hint="Write 2024-01-01.")


def _joined(one: Outline, other: Outline) -> Outline:
    from shapely import union

    return replace(one, geometry=union(one.geometry, other.geometry))


def _check_apart(outlines: Sequence[Outline]) -> None:
    from shapely import STRtree, area, intersection

    if len(outlines) < 2:
        return
    shapes = [outline.geometry for outline in outlines]
    for one, other in STRtree(shapes).query(shapes, predicate="overlaps").T.tolist() + _nested(shapes):
        shared = area(intersection(shapes[one], shapes[other])) / min(shapes[one].area, shapes[other].area)
        if one < other and shared > OVERLAP_LIMIT:
            what = (
                f"The areas {outlines[one].area.code!r} and {outlines[other].area.code!r} cover the same ground ({shared:.0%})."
            )
            raise ReadError(what, where=outlines[other].place, hint="Give the former one a valid_to.")


def _nested(shapes: Sequence[Any]) -> list[list[int]]:
    """Return pairs (lower index first) of shapes of which one contains the other."""
    from shapely import STRtree

    return [sorted(pair) for pair in STRtree(shapes).query(shapes, predicate="contains").T.tolist() if pair[0] != pair[1]]
