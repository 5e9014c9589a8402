"""One job in a limited process: what may hang, leak, crash or be fed by strangers runs here and not in the server.

A `Child` is a long-lived worker that reads one job a line on standard input and writes one answer a line on standard
output, both JSON; it is replaced after a number of jobs, because Graphviz leaks. A `ChildPool` shares a few children
among many threads. `run_once` makes a worker for a single job. The worker's own main is `serve(handle)`.
"""

from webapp.child.pool import ChildBusy, ChildPool
from webapp.child.process import (
    DEFAULT_LIMITS,
    MEBIBYTE,
    Child,
    ChildFailed,
    Failure,
    Limits,
    module_command,
    run_once,
)
from webapp.child.worker import serve

__all__ = [
    "DEFAULT_LIMITS",
    "MEBIBYTE",
    "Child",
    "ChildBusy",
    "ChildFailed",
    "ChildPool",
    "Failure",
    "Limits",
    "module_command",
    "run_once",
    "serve",
]
