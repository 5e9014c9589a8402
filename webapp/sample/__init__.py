"""The sample bureau: its people and catalogue, and the work of June and July 2008, made by the real operations."""
