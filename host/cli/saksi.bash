# SPDX-License-Identifier: Apache-2.0
# bash completion for saksi
_saksi_offer() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}"); }

_saksi_options() { # of a command and its subcommand
  local judge="--host --purpose --post --at --utc-offset --db --tpm --sample --lang --json"
  local pages="--station --out --a4 --card --no-pdf --photo --duplicate --sibling --resume --check --password-file"
  case "$1 $2" in
  "verify "*) echo "$judge" ;;
  "card personalise") echo "${pages/--check /}" --reader --wait --erase --keys --transport-keys --management-key --json ;;
  "card erase") echo --station --reader --wait --yes --keys --transport-keys --management-key ;;
  "card list") echo --json ;;
  "card status") echo --reader --wait --json ;;
  "card read") echo --reader --wait --out ;;
  "card verify") echo "$judge" --reader --wait --paper ;;
  "card watch") echo "$judge" --reader ;;
  "card pin") echo --reader --wait --pin-file --new-pin-file --last-try --json ;;
  "scan "*) echo --json ;;
  "inspect "*) echo --prefix --key --external --text ;;
  "trust "*) echo --root --root-id --db --tpm --sample --json --out --since --timeout --cacert --frames --fps --scale ;;
  "issue init") echo --issuer --station --key --name --authority --authority-name --language --out --sample \
    --block --db --first --last --unsigned-block ;;
  "issue block") echo --station --block --db --first --last --unsigned-block ;;
  "issue report") echo --out --station --from --password-file ;;
  "issue void") echo --number --index --station ;;
  "issue status") echo --station ;;
  "issue "*) echo "$pages" ;;
  "demo "*) echo --card ;;
  "authority "*) echo --state --holder --alg --key --password-file --root --against --yes --sample --issuer --station \
    --first --last --index --number --reason --out --file --by --suspend --centre --from --until --blank --kid --as --at --module --keep ;;
  esac
}

_saksi() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _saksi_offer "verify scan inspect card trust issue authority demo --help --version"
    return
  fi
  case $before in
  --purpose) _saksi_offer "border hiring hotel event"; return ;;
  --lang) _saksi_offer "en id ms fil th vi"; return ;;
  --alg) _saksi_offer "ES256 EdDSA"; return ;;
  --by) _saksi_offer "index number"; return ;;
  --as) _saksi_offer "superseded ceased compromised"; return ;;
  --reason) _saksi_offer "error fraud holder_request superseded centre_fraud unspecified"; return ;;
  esac
  case $word in
  -*) _saksi_offer "$(_saksi_options "$command" "${COMP_WORDS[2]}") --help"; return ;;
  esac
  case "$COMP_CWORD $command ${COMP_WORDS[2]}" in
  "2 card "*) _saksi_offer "list status read verify watch pin personalise erase keys" ;;
  "3 card pin") _saksi_offer "status change unblock" ;;
  "3 card keys") _saksi_offer "new" ;;
  "2 trust "*) _saksi_offer "init import fetch status verify export show receive token mark" ;;
  "2 issue "*) _saksi_offer "init block report void status" ;;
  "2 authority "*) _saksi_offer "init sample key raise build sign bundle publish station import-report revoke reinstate survivors status" ;;
  "3 authority key") _saksi_offer "new show end" ;;
  esac
  # a record stands where a subcommand of issue does
  if [ ${#COMPREPLY[@]} -eq 0 ] || [ "$COMP_CWORD $command" = "2 issue" ]; then
    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _saksi saksi
