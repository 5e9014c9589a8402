"""Editions: what is published of the catalogue, and the bundle that is built from it."""
