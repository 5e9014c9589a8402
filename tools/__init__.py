"""What `make` runs beside the application: checks, the bench, scripts."""
