"""The page of sources: choose a section → indicator sheets, files, areas, events, downloads and the API."""

from pages.parts import sources_choices, sources_data, sources_files, sources_places, sources_sheet

SECTIONS = {
    "indicators": sources_sheet.show,
    "files": sources_files.show,
    "areas": sources_places.show_areas,
    "events": sources_places.show_events,
    "data": sources_data.show,
}

SECTIONS[sources_choices.section_choice(tuple(SECTIONS))]()
