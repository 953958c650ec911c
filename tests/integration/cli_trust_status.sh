#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# saksi trust status: what it finds in a store, as text and as JSON, member by member.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq

today=$(date -u +%F)
in_days() { date -u -d "$today +$1 days" +%F; }
edit() { jq "$2" "$1" >edited && mv edited "$1"; }
status_json() { saksi trust status --sample --db "$1" --json; }

# --- before there is anything
saksi trust status --db t.db
expect_status 74
expect_one_err 'there is no trust list yet'
scene "$SAKSI" authority sample region
scene "$SAKSI" trust init --sample --db t.db --root region/out/root-1.root --root-id "$(fingerprint region/out/root-1.root)"
status_json t.db
expect_status 0
expect_json '.[0] | [.header, .limits, .host, .lists]' '[null,null,null,[]]'
expect_json '.[0].problems' '[{"what":"no_header"},{"what":"state_without_list","state":"ID"},{"what":"state_without_list","state":"MY"},{"what":"state_without_list","state":"PH"},{"what":"state_without_list","state":"TH"}]'
saksi trust status --sample --db t.db
expect_out 'SAMPLE DATA'
expect_out '✖ FAULT  No header'
expect_out 'none; import a bundle'

# --- the sample region as it is made
scene "$SAKSI" trust import --sample --db t.db region/out/trust.bundle
status_json t.db
expect_json 'length' 1
expect_json '.[0] | keys_unsorted' '["sample","root","header","limits","floor","clock","host","lists","problems","problems_more","expiring","expiring_more","mark"]'
expect_json '.[0].root | keys_unsorted' '["root_id","version","issued_at","expires"]'
expect_json '.[0].header | keys_unsorted' '["version","issued_at","expires","age_days"]'
expect_json '.[0] | [.sample, .root.version, .header.version, .header.age_days, .limits]' \
  '[true,1,1,0,{"plain_days":7,"shown_days":30,"amber_days":90}]'
expect_json '.[0].clock | [keys_unsorted, .suspect]' '[["suspect","floor","high_water"],false]'
expect_json '.[0].clock | .floor <= (now | todate) and .high_water <= (now | todate)' true
expect_json '.[0].lists[0] | del(.digest, .as_of, .expires, .fresh_as_of)' '{"state":"ID","version":1,"age_days":0,"staleness":"plain","behind":false,"disabled":false,"catalogue":true,"issuers":4,"issuers_licensed":3,"issuers_suspended":0,"keys":4,"keys_in_force":3,"keys_to_come":0,"keys_compromised":0,"rules":3,"rules_in_force":3,"derecognised":1,"framework_maps":3,"titles":25,"allotted":28192,"revoked":22,"suspended":11,"survivors":0,"revoked_centres":1,"revoked_blanks":1}'
expect_json '[.[0].lists[] | [.state, .keys_compromised, .survivors]]' '[["ID",0,0],["MY",0,0],["PH",1,10],["TH",0,0]]'
expect_json '.[0].lists[0] | [.digest | length] + [.as_of, .expires, .fresh_as_of | type]' '[64,"string","string","string"]'
expect_json '[.[0].problems[] | del(.kid)]' '[{"what":"key_without_licence","state":"ID","issuer":"ID.SAMPLE-A.LSP-03"}]'
expect_json '.[0].problems[0].kid | test("^[0-9a-f]{16}$")' true
expect_json '[.[0].expiring[] | [.what, .state]]' '[["header",null],["list","ID"],["list","MY"],["list","PH"],["list","TH"],["root",null]]'
expect_json '.[0].expiring[0]' "{\"what\":\"header\",\"day\":\"$(in_days 30)\"}"
expect_json '.[0] | [.problems_more, .expiring_more]' '[0,0]'

# --- a region with gaps
edit region/ID/rules.json '.rules += [(.rules[0] | .id = "X1" | .issuing_state = "VN" | del(.awarding_body)), (.rules[0] | .id = "X2" | .edition = 2099)]'
edit region/ID/issuers.json ".issuers |= map(if .id == \"ID.SAMPLE-A.LSP-02\" then .licences[0].until = \"$(in_days 12)\" else . end)"
edit region/ID/keys.json ".keys |= map(if .issuer == \"ID.SAMPLE-A.LSP-02\" then .until = \"$(in_days 9)T12:00:00Z\" else . end)"
edit region/TH/keys.json ".keys |= map(.end = \"ceased\" | .at = \"$(in_days -1)T00:00:00Z\")"
edit region/TH/rules.json '.rules = []'
sed -i 's/"valid_days": 180/"valid_days": 20/' region/MY/list.json
publish 2
scene "$SAKSI" trust import --sample --db t.db region/out/trust.bundle
mkdir -p config/saksi
printf '[checkpoint]\nhost = TH\nplain_days = 3\n' >config/saksi/saksi.conf
status_json t.db
expect_json '.[0] | [.host, .limits.plain_days]' '["TH",3]'
expect_json '[.[0].problems[] | del(.kid)]' '[{"what":"host_rules_missing","state":"TH"},{"what":"issuer_without_key","state":"TH","issuer":"TH.SAMPLE-D.CB-01"},{"what":"key_without_licence","state":"ID","issuer":"ID.SAMPLE-A.LSP-03"},{"what":"rules_not_covered","state":"ID","about":"VN","rules":1},{"what":"map_missing","state":"MY","framework":"MQF","edition":2099}]'
expect_json '[.[0].expiring[] | select(.day < "'"$(in_days 30)"'") | del(.kid)]' "[{\"what\":\"key\",\"state\":\"ID\",\"issuer\":\"ID.SAMPLE-A.LSP-02\",\"day\":\"$(in_days 9)\"},{\"what\":\"licence\",\"state\":\"ID\",\"issuer\":\"ID.SAMPLE-A.LSP-02\",\"day\":\"$(in_days 12)\"},{\"what\":\"list\",\"state\":\"MY\",\"day\":\"$(in_days 20)\"}]"
saksi trust status --sample --db t.db
expect_no_err
check "the worst is not first" test "$(sed -n 2p "$work/.out")" = '   ▲ GAP    TH  the host state: its list has no rule in force'
expect_out '▲ GAP    TH  licensed, but no key in force: TH.SAMPLE-D.CB-01'
expect_out '▲ GAP    ID  rules about a state that the root does not know: VN (1)'
expect_out '▲ GAP    MY  does not map a framework that rules name: MQF 2099'
expect_out "$(in_days 12)  in   12 days  licence  ID ID.SAMPLE-A.LSP-02"
expect_out 'plain up to 3 days, shown up to 30, amber up to 90'
expect_out 'Host      TH'
check "a line is wider than 100 columns" test "$(wc -L <"$work/.out")" -le 100

# --- more than a screen holds, and more than is kept
jq -n --arg day "$(in_days 5)" '{issuers: [range(130) | {id: "PH.X\(. + 100)", kind: "centre", parent: "PH.SAMPLE-C",
  names: {en: "Centre"}, licences: [{from: "2020-01-01", until: $day}]}]}' >many
jq -s '{issuers: (.[0].issuers + .[1].issuers)}' region/PH/issuers.json many >edited && mv edited region/PH/issuers.json
publish 3
scene "$SAKSI" trust import --sample --db t.db region/out/trust.bundle
status_json t.db
expect_json '.[0] | [(.expiring | length), .expiring_more, (.problems | length), .problems_more]' '[100,38,100,35]'
expect_json '.[0] | .expiring[0]' "{\"what\":\"licence\",\"state\":\"PH\",\"issuer\":\"PH.X100\",\"day\":\"$(in_days 5)\"}"
saksi trust status --sample --db t.db
expect_out 'and 119 more'
expect_out 'and 122 more'

# --- colour on a terminal only, and words with it
if command -v script >/dev/null; then
  TERM=xterm script -qec "$SAKSI trust status --sample --db t.db" /dev/null </dev/null >coloured 2>&1
  check "no colour on a terminal" grep -q $'\033\\[1;30;48;5;221m ▲ GAP   \033\\[0m' coloured
  check "no green word" grep -q $'\033\\[1;30;48;5;43m plain \033\\[0m' coloured
  NO_COLOR=1 TERM=xterm script -qec "$SAKSI trust status --sample --db t.db" /dev/null </dev/null >coloured 2>&1
  check "colour in spite of NO_COLOR" test "$(grep -c $'\033' coloured)" -eq 0
else
  without "colours: script is not installed"
fi

# --- what it does not take
saksi trust status --sample --db t.db file
expect_status 64
saksi trust status --db t.db
expect_status 64
expect_one_err 'add --sample'
finish
