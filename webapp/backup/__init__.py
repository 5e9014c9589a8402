"""Backup and restore: one logical format for SQLite and PostgreSQL, checked whole before anything is touched."""
