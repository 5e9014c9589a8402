"""The worker's side: read jobs from standard input, write answers to standard output."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def serve(handle: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Be a worker: answer jobs from standard input until it closes. An error of `handle` ends the process."""
    # Libraries that print must not disturb the answers: their standard output becomes standard error.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)

        def write(value: object) -> None:
            answers.write(json.dumps(value).encode() + b"\n")
            answers.flush()

        write({"ready": True})
        for line in sys.stdin.buffer:
            request = json.loads(line)
            write({"id": request["id"], "answer": handle(request["job"])})
