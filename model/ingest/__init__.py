"""From a published file to the indicator table: read → reshape → harmonise → validate → aggregate → store.

`recipe` documents how a file is described, `build` goes the whole way, `store` opens what was built.
"""
