"""Checklists, the yearly plan and its coverage, inspections from preparation to the signed supervision record."""
