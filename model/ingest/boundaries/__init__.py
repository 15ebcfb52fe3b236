"""Boundaries: a file of outlines becomes areas of the catalogue and geometry for the screen.

Every spatial unit of a package may have a recipe `areas/<unit>.toml`. All keys are optional:

file                 GeoJSON, zipped Shapefile ("a.zip", or "a.zip!folder/x.shp" when it holds several), GeoPackage, CSV with
                     WKT; looked for beside the recipe, then under [files].root; `<unit>.geojson` beside it when not said
layer                the layer of a file that holds several
crs                  "EPSG:25832": used where the file itself names no coordinate system (GeoJSON and WKT without one are WGS84)
encoding             of attribute texts, where the file does not say
swap_axes            true: the file writes latitude (northing) first
bounds               [west, south, east, north] in degrees: every outline must lie inside (default: Europe)
expected             how many current areas there must be
merge                true: several features with one code are parts of one area
close_gaps           metres: slivers narrower than this between neighbours are closed (default 2)
valid_to_inclusive   true: valid_to is the last day, not the day after
[columns]            headers of code, name, parent, valid_from, valid_to, predecessors (several codes parted by , ; or blank)
                     and wkt; each defaults to its own name
[pattern]            regular expression with one group for code, name, parent: name = '^\\d+ (.*)$'
[map.code] .name .parent   renaming after the pattern: a table, or file = "x.csv" (from,to); [map.code] must be complete
[[where]]            row filters, all must hold: column with equals or in
[[areas]]            areas said here: code, name, parent, valid_from, valid_to, predecessors; a code of the file gets these
                     values instead of the file's, another code is an area without geometry

A unit without a file of its own is dissolved from the areas one level down by their parent codes (the city's outline from
its Stadtteile), or has no geometry when those have none. The top unit needs no recipe: it is one area with the package's
id and title. A unit whose areas are just made of their children is drawn from the children's lines. A parent that no
column names is found by the largest overlap. `valid_to` is the first day an area is gone.

Written per unit with geometry: `<unit>.geojson` (current areas; neighbours share every vertex; WGS84, five decimals;
exterior rings clockwise as d3-geo and Vega-Lite need them, deck.gl takes either) and `<unit>-hatch.geojson`.
"""

from model.ingest.boundaries.assemble import build, inputs

__all__ = ["build", "inputs"]
