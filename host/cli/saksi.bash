# SPDX-License-Identifier: Apache-2.0
# bash completion for saksi
_saksi() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "verify scan inspect trust issue authority demo --help --version" -- "$word")
    return
  fi
  case $before in
  --purpose) mapfile -t COMPREPLY < <(compgen -W "border hiring hotel event" -- "$word"); return ;;
  --lang) mapfile -t COMPREPLY < <(compgen -W "en id ms fil th vi" -- "$word"); return ;;
  --alg) mapfile -t COMPREPLY < <(compgen -W "ES256 EdDSA" -- "$word"); return ;;
  esac
  local options=--help
  case $command in
  verify) options="--host --purpose --post --at --utc-offset --db --sample --lang --json --help" ;;
  scan) options="--json --help" ;;
  inspect) options="--prefix --key --external --text --help" ;;
  trust) [ "$COMP_CWORD" -eq 2 ] && options="init import status export --help" ||
    options="--db --sample --root --root-id --json --out --help" ;;
  issue) options="init report --station --photo --card --a4 --out --no-pdf --duplicate --sibling --password-file --help" ;;
  authority) [ "$COMP_CWORD" -eq 2 ] && options="init key build sign bundle import-report station --help" ||
    options="--state --sample --alg --key --yes --out --root --against --issuer --station --first --last --help" ;;
  esac
  case $word in
  -*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
  *)
    [ "$COMP_CWORD" -eq 2 ] && mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
    ;;
  esac
}
complete -o filenames -F _saksi saksi
