# SPDX-License-Identifier: Apache-2.0
# The idiom of the scripts that test the programs; to be sourced.
#
# Run a command with `run`, then say what must hold of it with expect_*; every check counts, a failed one says what was
# seen, and the script goes on. Ends with `finish`. Environment: SAKSI, the path of the built program. Each script works
# in a folder of its own, in which HOME and the settings lie too.

: "${SAKSI:?names the program to be tested}"
SAKSI=$(realpath "$SAKSI")
LIBEXEC=$(dirname "$SAKSI")/libexec/saksi
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export LC_ALL=C TZ=UTC

work=$(mktemp -d "${TMPDIR:-/tmp}/saksi-test-XXXXXX")
leave=()      # commands to run on the way out
on_exit() {
  local command
  for command in "${leave[@]}"; do eval "$command"; done
  rm -rf "$work"
}
trap on_exit EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$work" || exit 1
mkdir config
export HOME=$work XDG_CONFIG_HOME=$work/config
unset NO_COLOR

passed=0 failed=0 status=0 ran=

pass() { passed=$((passed + 1)); }

# fail WHAT: counts, and shows the command at hand with what it said.
fail() {
  failed=$((failed + 1))
  { echo "FAILED (line ${BASH_LINENO[-2]}): $*"
    [ -z "$ran" ] || echo "    after: $ran"
    [ ! -s "$work/.out" ] || sed 's/^/    out: /' "$work/.out" | head -n 12 | cut -c1-300
    [ ! -s "$work/.err" ] || sed 's/^/    err: /' "$work/.err" | head -n 12 | cut -c1-300; } >&2
}

# check WHAT COMMAND...: passes when the command does.
check() {
  local what=$1
  shift
  if "$@"; then pass; else fail "$what"; fi
}

# skip WHY: the whole script; `without WHY` says what was left out of it.
skip() { echo "skipped: $*"; exit 77; }
without() { echo "left out: $*"; }

need() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done
}
[ ! -e /etc/saksi/saksi.conf ] || skip "/etc/saksi/saksi.conf would be read along with the tests' own settings"

# run COMMAND...: keeps status, output and messages; standard input is empty, or the file of input=FILE.
run() {
  ran=$*
  status=0
  timeout 120 "$@" >"$work/.out" 2>"$work/.err" <"${input:-/dev/null}" || status=$?
}
saksi() { run "$SAKSI" "$@"; }

expect_status() { if [ "$status" -eq "$1" ]; then pass; else fail "ended with $status, not $1"; fi; }

expect_out() { if grep -qF -- "$1" "$work/.out"; then pass; else fail "nowhere printed: $1"; fi; }
expect_out_like() { if grep -qE -- "$1" "$work/.out"; then pass; else fail "nothing printed is like: $1"; fi; }
expect_no_out() { if grep -qF -- "$1" "$work/.out"; then fail "printed: $1"; else pass; fi; }
expect_silence() { if [ -s "$work/.out" ]; then fail "printed something"; else pass; fi; }
expect_err() { if grep -qF -- "$1" "$work/.err"; then pass; else fail "nowhere said: $1"; fi; }
expect_no_err() { if [ -s "$work/.err" ]; then fail "said something"; else pass; fi; }
# Exactly one line of message, which holds the text.
expect_one_err() {
  if [ "$(wc -l <"$work/.err")" -eq 1 ] && grep -qF -- "$1" "$work/.err"; then pass
  else fail "did not say in one line: $1"; fi
}
# expect_json FILTER VALUE: the compact result of jq over all output.
expect_json() {
  local got
  got=$(jq -c -s "$1" "$work/.out" 2>&1)
  if [ "$got" = "$2" ]; then pass; else fail "$1 is $got, not $2"; fi
}
# expect_same FILE FILE: equal bytes.
expect_same() { if cmp -s "$1" "$2"; then pass; else fail "$1 and $2 differ"; fi; }

# flip FILE OFFSET OUT: a copy with one bit of one byte changed.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  { head -c "$2" "$1"; printf "\\x$(printf %x $((byte ^ 1)))"; tail -c +$(($2 + 2)) "$1"; } >"$3"
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
