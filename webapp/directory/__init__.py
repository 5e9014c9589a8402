"""Telephones, places and hours of the bureau in one versioned table (通讯目录)."""
