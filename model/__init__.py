"""The core of the data lab; it knows no screen.

The rooms, each importing only from those before it:

errors, vocabulary → settings → catalogue → ingest → query → disclosure → forecast | demography → profile
"""
