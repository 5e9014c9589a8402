"""The bundle: the self-contained public folder of one edition - its manifest, reading, checking and searching.

Knows no database and nothing of the staff side, so that the public site and `verify-bundle` run from a folder alone.
"""
