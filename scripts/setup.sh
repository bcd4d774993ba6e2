#!/usr/bin/env bash
# Makes $VENV with exactly the packages of constraints.txt, then heyan itself, editable. Run by `make setup`.
set -euo pipefail
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}

have_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "heyan needs Python 3.11 or newer"; exit 1; }

if [ ! -x "$VENV/bin/pip" ]; then
    say "making $VENV"
    if ! "$PYTHON" -m venv "$VENV" 2>/dev/null; then
        have_apt || { say "python3 -m venv does not work here: apt-get install python3-venv"; exit 1; }
        apt-get update -qq && apt-get install -y -qq python3-venv
        "$PYTHON" -m venv "$VENV"
    fi
fi

say "installing the pinned packages"
"$VENV/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints.txt
"$VENV/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .

# Tesseract is a second engine, not a need: `heyan doctor` says whether it is there.
if ! command -v tesseract >/dev/null; then
    if have_apt; then
        say "installing Tesseract (optional)"
        { apt-get update -qq && apt-get install -y -qq tesseract-ocr tesseract-ocr-chi-sim; } >/dev/null 2>&1 \
            || say "Tesseract could not be installed; heyan works without it"
    else
        say "Tesseract is not installed; heyan works without it (apt-get install tesseract-ocr tesseract-ocr-chi-sim)"
    fi
fi
