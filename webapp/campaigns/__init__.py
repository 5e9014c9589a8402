"""The campaign (专项工作): phases and dates, meetings, tasks, the sections' packages, and what is counted of it."""
