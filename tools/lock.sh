#!/usr/bin/env bash
# Writes both locks anew from pyproject.toml. Needs the venv of `make test`; names no index host.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--quiet --generate-hashes --allow-unsafe --strip-extras --no-header
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host)
# setuptools comes with the lock, so that installing the project itself needs no network.
.venv/bin/pip-compile "${common[@]}" --all-build-deps --output-file requirements.txt pyproject.toml
.venv/bin/pip-compile "${common[@]}" --extra dev --constraint requirements.txt \
    --output-file requirements-dev.txt pyproject.toml
