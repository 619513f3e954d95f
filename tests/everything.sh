#!/usr/bin/env bash
# Everything CI runs: Debian's packages, assets, lint, the fast suite, PostgreSQL, Chromium;
# with `long` the full counts of races, kills and random walks instead, on both databases.
# Every part runs even when one before it failed; the exit code is 0 only if all passed.
set -uo pipefail
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # eight workers and all they start read the same modules
python=.venv/bin/python
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
report=()
failed=0

# part NAME COMMAND...: run, say how long it took, remember whether it failed
part() {
  local name=$1 began=$SECONDS verdict=passed
  shift
  printf '\n== %s\n' "$name"
  "$@" || { verdict=FAILED; failed=1; }
  report+=("$(printf '%-12s %-7s %4d s' "$name" "$verdict" $((SECONDS - began)))")
}

missing_packages() {
  command -v chromium-headless-shell chromium >/dev/null || echo chromium-headless-shell
  [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || echo fonts-noto-cjk
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || echo postgresql
}

install_packages() {
  local missing root=()
  missing=$(missing_packages)
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
  if ! command -v apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
    echo "The tests need $(echo $missing). Type: sudo apt-get install" $missing
    return 1
  fi
  echo "Installing from Debian:" $missing
  "${root[@]}" apt-get -qq update >"$logs/apt" 2>&1 &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
      --no-install-recommends $missing >>"$logs/apt" 2>&1 ||
    { tail -20 "$logs/apt"; return 1; }
  [ -z "$(missing_packages)" ]
}

lint() {
  .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports &&
    .venv/bin/mypy
}

tests() {  # pytest itself fails when nothing was selected, and tests/conftest.py when one was skipped
  .venv/bin/pytest -n 2 "$@"
}

# lint needs one core and neither packages nor assets: it runs beside their downloads
began=$SECONDS
(lint >"$logs/lint" 2>&1; echo $? >"$logs/lint.code"; echo $((SECONDS - began)) >"$logs/lint.time") &
linting=$!
part packages install_packages
part assets "$python" -m portal.front_end
wait "$linting"
part lint sh -c "cat '$logs/lint'; exit \$(cat '$logs/lint.code')"
report[-1]+=" (beside the others: $(cat "$logs/lint.time") s)"
if [ "${1:-}" = long ]; then
  part fast tests --long tests/rules tests/verbs
  part fire tests --long tests/fire
  part postgres tests --long --database=postgres tests/verbs tests/fire/test_crashes.py
else
  part fast tests -m "not browser and not postgres"
  part postgres tests --database=postgres -m "not browser" tests/verbs tests/questions
  part fire tests --database=postgres tests/fire/test_crashes.py
  part browser tests -m browser
fi

printf '\n== Durations\n'
printf '%s\n' "${report[@]}"
printf '%-12s %-7s %4d s\n' all "$([ $failed = 0 ] && echo passed || echo FAILED)" "$SECONDS"
exit "$failed"
