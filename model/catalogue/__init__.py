"""What we know about the data: indicators, sources, spatial units, areas, and look-ups that say "did you mean"."""

from model.catalogue.catalogue import Catalogue
from model.catalogue.entries import Area, Break, Classes, Event, Indicator, Source, SpatialUnit, Topic, Words
from model.catalogue.package import Package, read_package

__all__ = [
    "Area", "Break", "Catalogue", "Classes", "Event", "Indicator", "Package", "Source", "SpatialUnit", "Topic", "Words",
    "read_package",
]  # fmt: skip
