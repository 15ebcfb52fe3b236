"""Find each area's parent one level up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from model.errors import ReadError
from model.ingest.boundaries.outline import Outline, check_known
from model.ingest.boundaries.place import EQUAL_AREA, WGS84, project
from model.ingest.boundaries.plan import Plan

CLEAR_PARENT: Final = 0.9  # share of the area; below it the choice is reported


def with_parents(own: Sequence[Outline], above: Sequence[Outline], plan: Plan) -> tuple[list[Outline], list[str]]:
    """Return the outlines with a parent each: by code, else the only one there is, else by largest overlap."""
    codes = [outline.area.code for outline in above]
    current = [outline for outline in above if outline.area.is_current]
    for outline in own:
        if outline.area.parent:
            check_known("parent", outline.area.parent, codes, outline.place)
    if all(outline.area.parent for outline in own):
        return list(own), []
    if len(current) == 1:
        only = current[0].area.code
        return [_with_parent(outline, outline.area.parent or only) for outline in own], []
    return _by_overlap(own, [outline for outline in current if outline.geometry is not None], plan)


def _with_parent(outline: Outline, parent: str) -> Outline:
    return replace(outline, area=replace(outline.area, parent=parent))


def _by_overlap(own: Sequence[Outline], above: Sequence[Outline], plan: Plan) -> tuple[list[Outline], list[str]]:
    from shapely import area, intersection

    if not above:
        what = f"No column names the parents, and {plan.unit.parent!r} has no outlines to find them by."
        raise ReadError(what, where=str(plan.path), hint="Say [columns] parent = ….")
    flat_above = project([outline.geometry for outline in above], WGS84, EQUAL_AREA)
    result, notes = [], []
    for outline in own:
        if outline.area.parent or outline.geometry is None:
            result.append(_need_parent(outline))
            continue
        flat = project([outline.geometry], WGS84, EQUAL_AREA)[0]
        shares = area(intersection(flat_above, flat)) / flat.area
        best = int(shares.argmax())
        if shares[best] <= 0:
            raise ReadError(f"The area {outline.area.code!r} lies in no area of {plan.unit.parent!r}.", where=outline.place)
        chosen = above[best].area
        result.append(_with_parent(outline, chosen.code))
        if shares[best] < CLEAR_PARENT:
            notes.append(
                f"{outline.area.code} {outline.area.name}: only {shares[best]:.0%} lie in its parent {chosen.code} {chosen.name}."
            )
    return result, notes


def _need_parent(outline: Outline) -> Outline:
    if not outline.area.parent:
        raise ReadError(f"The area {outline.area.code!r} has neither a parent nor an outline.", where=outline.place)
    return outline
