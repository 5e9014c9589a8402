"""Flow charts: steps and ways between them, their checks, their drawing; a chart serves one or many powers."""
