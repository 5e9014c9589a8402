"""The command line `zhiquan`: one module per group of commands; each loads, calls one operation and answers.

Exit 0 done, 1 refused (a sentence on standard error), 2 wrong usage.
"""

from webapp.commands.root import main

__all__ = ["main"]
