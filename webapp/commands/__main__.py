"""`python -m webapp.commands`: the same as `zhiquan`."""

from webapp.commands import main

if __name__ == "__main__":
    main(prog_name="zhiquan")
