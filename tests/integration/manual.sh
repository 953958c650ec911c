#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is written about the programs is what they do: the manual, --help, the completion and the translations.
. "$(dirname "$0")/lib.sh"
need mandoc xgettext msgmerge
page=$(dirname "$SAKSI")/saksi.1
[ -e "$page" ] || skip "$page was not built"
mandoc -T utf8 "$page" | col -b | tr -s ' \n\t' ' ' >manual
mandoc -T lint -W warning "$page" >lint 2>&1
cat lint
check "the manual has warnings" test ! -s lint

# --- every reason, by number, name and sentence
reasons=0
while IFS='|' read -r number name; do
  reasons=$((reasons + 1))
  check "the manual lacks $number $name" grep -qF " $number $name (" manual
done < <(sed -n 's/^SAKSI_REASON(\([0-9]*\), \([A-Z_]*\),.*/\1|\2/p' "$SOURCE/include/saksi/verdict.def")
check "$reasons reasons are few" test $reasons -ge 50
while IFS= read -r sentence; do
  check "the manual lacks: $sentence" grep -qF -- "$sentence" manual
done < <(sed -n 's/^    "\(.*\)",$/\1/p' "$SOURCE/include/saksi/verdict.def")

# --- every option that the code takes is in --help, in the completion and in the manual; and the reverse
options_of() { # FILE...: the names in tables of options
  (cd "$SOURCE" && sed -n -e 's/.*{"\([a-z-]*\)", \(no\|required\)_argument.*{"\([a-z-]*\)", \(no\|required\)_argument.*/\1\n\3/p; t' \
    -e 's/.*{"\([a-z-]*\)", \(no\|required\)_argument.*/\1/p' \
    -e 's/.*{"\([a-z-]*\)", offsetof(.*/\1/p' -e 's/.*{\.name = "\([a-z0-9-]*\)", \.\(text\|flag\|take\) =.*/\1/p' "$@" | sort -u)
}
help_of() { # COMMAND...
  saksi "$@" --help
  expect_status 0
  expect_no_err
  expect_out_like "^Usage: saksi $1"
  check "$* --help is wider than 80 columns" test "$(wc -L <"$work/.out")" -le 80
}
completed() { # WORD...: what the completion offers after these words
  # shellcheck disable=SC1091
  bash -c '. "$1/host/cli/saksi.bash"; shift; COMP_WORDS=(saksi "$@"); COMP_CWORD=$#; _saksi; printf "%s\n" "${COMPREPLY[@]}"' - "$SOURCE" "$@"
}
agree() { # "COMMAND [SUBCOMMAND]" FILE...
  local command=$1 option
  shift
  # shellcheck disable=SC2086
  help_of $command
  options_of "$@" >options
  check "$command: no options were found in $*" test -s options
  # shellcheck disable=SC2086
  completed $command - >offered
  while read -r option; do
    [ "$option" != help ] || continue
    check "$command --help lacks --$option" grep -qE -- "--$option([^a-z-]|$)" "$work/.out"
    check "$command: the completion lacks --$option" grep -qxF -- "--$option" offered
    check "$command: the manual lacks --$option" grep -qE -- "--$option([^a-z-]|$)" manual
  done <options
}
agree verify host/cli/cmd_verify.c host/cli/judge.h
# What a subcommand of card takes is what its help, the completion and the program say alike.
value_of() { # OPTION: one that it takes; "" for those without
  case $1 in
  json | last-try | sample) ;;
  wait) echo 0 ;;
  host) echo MY ;;
  purpose) echo border ;;
  at) echo 2026-01-01 ;;
  utc-offset) echo +07:00 ;;
  lang) echo en ;;
  tpm) echo device:/dev/none ;;
  *) echo X1 ;;
  esac
}
agree_card() { # SUBCOMMAND
  local option in_help value
  help_of card "$1"
  check "card $1 --help is no page of 25 lines and 80 columns" test "$(wc -l <"$work/.out")" -le 25 -a "$(wc -L <"$work/.out")" -le 80
  check "card $1 --help lacks its statuses" grep -q '^Exit status: 0 ' "$work/.out"
  cp "$work/.out" help
  completed card "$1" - >offered
  while read -r option; do
    [ "$option" != help ] || continue
    if grep -qE -- "--$option([^a-z-]|$)" help; then in_help=yes; else in_help=no; fi
    value=$(value_of "$option")
    saksi card "$1" --"$option" ${value:+"$value"} more than enough
    expect_status 64
    if [ $in_help = yes ]; then
      expect_one_err "$1: "
      expect_err ': takes no file'
      check "the completion of card $1 lacks --$option" grep -qxF -- "--$option" offered
      check "the manual lacks --$option" grep -qE -- "--$option([^a-z-]|$)" manual
    else
      expect_one_err "--$option is not an option of $1"
      check "the completion of card $1 offers --$option" test -z "$(grep -xF -- "--$option" offered)"
    fi
  done <options
}
if [ -x "$LIBEXEC/saksi-card" ]; then
  options_of host/cli/card/main.c host/cli/judge.h >options
  check "the options of card are few" test "$(wc -l <options)" -ge 17
  for subcommand in list status read verify watch pin; do agree_card $subcommand; done
fi
if [ -x "$LIBEXEC/saksi-personalise" ]; then
  agree "card personalise" host/issuer/personalise/personalise.c
  agree "card erase" host/issuer/personalise/erase.c
  help_of card keys
fi
agree scan host/cli/cmd_scan.c
agree inspect host/cli/cmd_inspect.c
agree trust host/cli/cmd_trust.c
agree authority host/cli/cmd_authority.c
agree issue host/issuer/program/issue_options.c
agree "issue init" host/issuer/program/init.c
agree "issue block" host/issuer/program/block.c
agree demo host/cli/demo/main.c
for command in report void status; do help_of issue $command; done
(cd "$SOURCE" && sed -n 's/.*{\.name = "\([a-z-]*\)".*/--\1/p' host/issuer/program/registry.c | sort -u) >options
check "no options of report, void and status" test -s options
for command in report void status; do "$SAKSI" issue $command --help; done >help
while read -r option; do check "no help has $option" grep -qF -- "$option" help; done <options
# what is completed is taken: none of them is unknown
judging="verify scan inspect trust authority issue"
for command in $judging; do
  for option in $(completed $command - | grep '^--'); do
    saksi $command "$option" </dev/null
    if grep -q 'is not an option here' "$work/.err" && ! grep -qE -- "$option[ =]?[+A-Z]" <("$SAKSI" $command --help; "$SAKSI" $command init --help 2>/dev/null); then
      fail "$command $option is completed but unknown"
    else
      pass
    fi
  done
done

# --- commands and subcommands
saksi --help
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$work/.out")
check "few commands" test "$(wc -w <<<"$commands")" -eq 8
completed '' >offered
for command in $commands; do
  check "the completion lacks $command" grep -qxF "$command" offered
  check "the manual lacks $command" grep -qw "$command" manual
done
subcommands() { (cd "$SOURCE" && sed -n 's/.*{"\([a-z-]*\)", \(authority_run\|program\|run\|trust\|card\)_.*/\1/p; ' "$1"; sed -n 's/.*}, {"\([a-z-]*\)", \(program\|run\)_.*/\1/p; s/^ *{"\([a-z-]*\)", \(program\|run\|trust\)_[a-z]*},.*/\1/p' "$SOURCE/$1"; ) | sort -u; }
for pair in card:host/cli/card/main.c trust:host/cli/cmd_trust.c authority:host/cli/cmd_authority.c issue:host/issuer/program/main.c; do
  command=${pair%%:*}
  [ "$command" != card ] || [ -x "$LIBEXEC/saksi-card" ] || continue
  subcommands "${pair#*:}" >names
  check "$command: no subcommands were found" test -s names
  completed "$command" '' >offered
  saksi "$command" --help
  while read -r name; do
    check "the completion of $command lacks $name" grep -qxF -- "$name" offered
    check "$command --help lacks $name" grep -qw -- "$name" "$work/.out"
    check "the manual lacks $command $name" grep -qw -- "$name" manual
  done <names
done

# --- exit statuses and settings of the manual
for status_number in 0 1 2 3 64 65 70 73 74 77; do
  check "the manual lacks status $status_number" grep -qw -- "$status_number" manual
done
while read -r name; do
  check "the manual lacks the setting $name" grep -qw -- "$name" manual
done < <(sed -n 's/^    {"\([a-z_]*\)", set_.*/\1/p' "$SOURCE/host/cli/settings.c")
saksi --version
expect_out_like '^saksi [0-9]+\.[0-9]+\.[0-9]+$'

# --- every sentence is translated
ran="tools/update-po --check"
"$SOURCE/tools/update-po" --check >"$work/.out" 2>"$work/.err"
expect_one=$?
check "a sentence is not translated" test $expect_one -eq 0
finish
