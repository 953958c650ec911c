# SPDX-License-Identifier: Apache-2.0
# A sample region, stations of its issuers, and certificates of every outcome; to be sourced after lib.sh.

# The fingerprint of a root file, as it is shown before the question.
fingerprint() {
  "$SAKSI" trust init --root "$1" --sample --db none.db </dev/null 2>/dev/null | sed -n 's/^    //p' | tr -d ' \n'
}

# A step of the scenery, which must work.
scene() { "$@" >"$work/.scene" 2>&1 </dev/null || { cat "$work/.scene" >&2; echo "the scene failed: $*" >&2; exit 1; }; }

# record NUMBER [FILTER]: a record of a room attendant, changed by a jq filter.
record() {
  jq -n --arg number "$1" --arg from "$(date -u +%F)" --arg until "$(date -u -d '+2 years' +%F)" '{
    certificate_number: $number, scheme_type: "occupation", coverage: "full", scheme_code: "S-HTL-RA-2",
    scheme_title: "Room Attendant", standard_family: "SKKNI", sector_code: "I551", framework: "KKNI", edition: 2012,
    level: 2, units: ["S-HTL.001", "S-HTL.002"], job_index: "HHK.05", issue_date: $from, valid_until: $until,
    holder_name: "Siti Aminah", birth_date: "1999-02-03", nationality: "ID" }' | jq "${2:-.}"
}

# records PREFIX COUNT: as many in an array, numbered PREFIX-1 and so on, of people called Person A and so on.
records() {
  record "$1" | jq --arg prefix "$1" --argjson count "$2" '. as $one | [range(1; $count + 1) | tostring as $n |
    $one + {certificate_number: "\($prefix)-\($n)", holder_name: "Person \($n | explode | map(. + 17) | implode)"}]'
}

# certify NAME ISSUER INDEX FILTER [OPTION...]: issues certificate NAME, with exactly that index, into certificates/.
certify() {
  local name=$1 issuer=$2 index=$3 filter=$4 station=stations/$2-$3
  shift 4
  mkdir -p stations certificates
  scene "$SAKSI" issue init "$station" --issuer "$issuer" --station "s$index" --key "${key:-region/keys/$issuer.pem}" \
    --name Sample --authority "${issuer%.*}" --authority-name Sample --sample \
    --first "$index" --last "$index" --unsigned-block --out "$work/certificates"
  record "$name" "$filter" >"$station/record.json"
  scene "$SAKSI" issue --station "$station" "${@:---no-pdf}" "$station/record.json"
}

# publish VERSION: the lists as they are now, signed, in region/out/trust.bundle.
publish() {
  local now state key
  now=$(date -u +%FT%TZ)
  sed -i -e "s/\"version\": [0-9]*/\"version\": $1/" -e "s/\"\(as_of\|issued_at\)\": \"[^\"]*\"/\"\1\": \"$now\"/" \
    region/header.json region/*/list.json
  scene "$SAKSI" authority build region
  for key in ID-1 ID-2 MY-1 PH-1 TH-1; do
    state=${key%-*}
    scene "$SAKSI" authority sign "region/out/$state.list" --key "region/keys/$key.pem" --yes
  done
  scene "$SAKSI" authority sign region/out/trust.header --key region/keys/publisher-1.pem --yes
  scene "$SAKSI" authority bundle region
}

# install DB: a checkpoint's trust list, from the region's root and bundle.
install_lists() {
  scene "$SAKSI" trust init --sample --db "$1" --root region/out/root-1.root \
    --root-id "$(fingerprint region/out/root-1.root)"
  scene "$SAKSI" trust import --sample --db "$1" region/out/trust.bundle
}
