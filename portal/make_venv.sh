#!/bin/sh
# Make .venv and install a lock file into it; one clear line for each thing that can be wrong.
set -eu
lock=$1
python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || { echo "There is no $python. On Debian: apt-get install python3 python3-venv"; exit 1; }
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || {
  echo "The portal needs Python 3.11 to 3.13; $python is $("$python" -V 2>&1). Set PYTHON=python3.11."; exit 1; }
[ -w . ] || { echo "This folder is read-only; clone the portal where you may write."; exit 1; }
if [ ! -x .venv/bin/python ]; then
  "$python" -m venv .venv >/dev/null 2>&1 || {
    echo "python3-venv is missing. On Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }
fi
echo "Installing from $lock (about a minute the first time) ..."
.venv/bin/python -m pip install -qqq --log .venv/install.log --disable-pip-version-check \
  --no-input --require-hashes --requirement "$lock" || {
  echo "The packages could not be installed; is the network there? .venv/install.log tells more."; exit 1; }
