#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# saksi-page from outside: its pages are rendered and their codes read back by another program, at the
# resolutions of office scanners and printers; fonts, dates, photo, exit codes and reproducible bytes.
# usage: page_readback.sh PATH-OF-SAKSI-PAGE
set -euo pipefail

page=$(realpath "$1")
for tool in jq pdftoppm pdffonts pdfimages pdfinfo pdftotext zbarimg; do
  command -v "$tool" >/dev/null || { echo "page_readback: skipped: $tool is not installed"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Fontconfig's threads may outlive a page in a sanitizer build; the unit tests look for our leaks.
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
cd "$work"
fail() { echo "page_readback: $*" >&2; exit 1; }

photo=/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1td
photo+=hbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAJAAcBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAgX/xAAWEAEBAQAAAAAA
photo+=AAAAAAAAAAAAFWL/2gAIAQEAAD8AE7K0/9k=

cat >base.json <<JSON
{ "layout": "a4", "sample": false, "languages": ["en", "th"], "qr": "CC1:ABC",
  "certificate": {
    "certificate_number": "56102 5120 2 0001234 2025", "scheme_type": "occupation", "coverage": "partial",
    "scheme_code": "SKM/0010/37A", "scheme_title": "Room Attendant", "standard_family": "SKKNI",
    "units": [ { "code": "I.55HDR00.001.2", "title": "Receive reservations" } ],
    "issue_date": "2025-03-14", "valid_until": null, "holder_name": "Somchai Rattanakosin",
    "holder_name_native": { "lang": "th", "text": "นายสมชาย รัตนโกสินทร์" }, "birth_date": "1994" },
  "authority": { "id": "TH.TPQI", "names": { "en": "National Authority", "th": "สถาบัน" } },
  "issuer": { "id": "TH.TPQI.1", "names": { "en": "Certification Body" } },
  "photo": { "jpeg_base64": "$photo", "width": 7, "height": 9 } }
JSON

# A code text of $1 characters that looks like base45 and is the same in every run.
code_text() {
  awk -v n="$1" 'BEGIN { a = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"; s = "CC1:"; x = n
    while (length(s) < n) { x = (x * 1103515245 + 12345) % 2147483648; s = s substr(a, int(x / 65536) % 45 + 1, 1) }
    print s }'
}

# --- every code reads back exactly
reads_back() { # layout length dpi...
  local layout=$1 text
  text=$(code_text "$2")
  jq --arg layout "$layout" --arg qr "$text" '.layout = $layout | .qr = $qr' base.json >in.json
  "$page" <in.json >out.pdf || fail "$layout with $2 characters is refused"
  shift 2
  for dpi in "$@"; do
    rm -f shot-*
    pdftoppm -r "$dpi" -gray out.pdf shot
    found=$(zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable shot-* 2>/dev/null || true)
    [ "$found" = "$text" ] || fail "$layout, ${#text} characters, $dpi dpi: the code does not read back"
  done
}
for length in 60 300 600 960; do
  reads_back a4 $length 100 150 200 300
  reads_back card $length 150 200 300
done
reads_back a4 1500 150 200 300
reads_back a4 2900 200 300

# --- so does the large code of a code sheet, whatever it says
address='https://register.example/verify?id=S-000017&lang=en#top'
sheet_reads_back() { # text dpi...
  local text=$1
  jq -n --arg qr "$text" '{layout: "code", qr: $qr, heading: "Another system", text: "A web address."}' >code.json
  "$page" <code.json >code.pdf || fail "a code sheet with ${#text} characters is refused"
  shift
  for dpi in "$@"; do
    rm -f shot-*
    pdftoppm -r "$dpi" -gray code.pdf shot
    found=$(zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable shot-* 2>/dev/null || true)
    [ "$found" = "$text" ] || fail "code sheet, ${#text} characters, $dpi dpi: the code does not read back"
  done
}
sheet_reads_back "$(code_text 2900)" 100 150 300
sheet_reads_back "$(code_text 2000 | tr 'A-Z' 'a-z')" 100 150 300
sheet_reads_back "$address" 50 72 100 150 300
pdfinfo code.pdf | grep -q '^Page size: *595.276 x 841.89 pts (A4)' || fail "the code sheet is not A4"
pdfinfo code.pdf | grep -q '^Pages: *1$' || fail "the code sheet has more than one page"
! pdfinfo code.pdf | grep -q '^CreationDate' || fail "a code sheet without a date has one"
pdffonts code.pdf | tail -n +3 | awk '{ if ($(NF-4) != "yes") exit 1 }' || fail "a font of the code sheet is not embedded"
pdftotext code.pdf - | grep -qxF "$address" || fail "the code sheet does not say its code's text"
! pdftotext code.pdf - | grep -q SAMPLE || fail "a real code sheet says SAMPLE"
jq '.sample = true' code.json | "$page" | pdftotext - - | grep -c 'SAMPLE . FOR DEMONSTRATION ONLY' | grep -qx 2 ||
  fail "a sample code sheet does not say so at both edges"

# --- what is on the sheet
"$page" <base.json >a4.pdf
pdfinfo a4.pdf | grep -q '^Page size: *595.276 x 841.89 pts (A4)' || fail "the page is not A4"
pdfinfo a4.pdf | grep -q '^Title: *Certificate of Competence$' || fail "the title is wrong"
pdffonts a4.pdf | tail -n +3 | awk '{ if ($(NF-4) != "yes") exit 1 }' || fail "a font is not embedded"
[ "$(pdffonts a4.pdf | tail -n +3 | wc -l)" -ge 4 ] || fail "fonts are missing"
pdftotext a4.pdf a4.txt
for words in "PARTIAL AWARD" "No expiry" "14 March 2025" "พ.ศ. 2568" "Somchai Rattanakosin" \
  "It is not a permission to work"; do
  grep -qF "$words" a4.txt || fail "the page does not say: $words"
done
! grep -q SAMPLE a4.txt || fail "a real page says SAMPLE"
pdfimages -all a4.pdf image
printf %s "$photo" | base64 -d | cmp -s - image-000.jpg || fail "the photo was recompressed"

jq '.layout = "card" | .sample = true' base.json | "$page" >card.pdf
pdfinfo card.pdf | grep -q '^Page size: *242.646 x 153.014 pts' || fail "the card is not ID-1"
pdfinfo card.pdf | grep -q '^Pages: *2$' || fail "the card has not two sides"
for side in 1 2; do
  [ "$(pdftotext -f $side -l $side card.pdf - | grep -c 'NOT A REAL CERTIFICATE')" -ge 2 ] ||
    fail "side $side of a sample card does not say so at both edges"
done

# --- the same bytes, whatever the surroundings
(cd / && TZ=Asia/Bangkok LANG=th_TH.UTF-8 LC_ALL=C "$page" <"$work/base.json" | cmp - "$work/a4.pdf") ||
  fail "the bytes depend on the surroundings"
SOURCE_DATE_EPOCH=1000000000 "$page" <base.json >dated.pdf
pdfinfo -isodates dated.pdf | grep -q '^CreationDate: *2001-09-09T01:46:40' || fail "SOURCE_DATE_EPOCH is passed over"

# --- refusals: the exit code, one sentence, no output
refuses() { # exit-code sentence <input
  local status=0
  "$page" >refused.out 2>refused.err || status=$?
  [ "$status" = "$1" ] || fail "exit $status instead of $1: $(cat refused.err)"
  [ ! -s refused.out ] || fail "output in spite of a refusal"
  [ "$(cat refused.err)" = "$2" ] || fail "says: $(cat refused.err)"
}
jq 'del(.certificate.holder_name)' base.json | refuses 65 "certificate.holder_name: is missing"
jq '.layout = "code"' base.json | refuses 65 "heading: is missing"
jq '.layout = "code" | .heading = "A" | .text = "B"' base.json | refuses 65 "languages: is not a known name"
jq '.certificate = {}' code.json | refuses 65 "certificate: is not a known name"
jq '.layout = "a4"' code.json | refuses 65 "languages: is missing"
jq '.photos = 1' base.json | refuses 65 "photos: is not a known name"
jq --arg qr "$(code_text 1200)" '.layout = "card" | .qr = $qr' base.json |
  refuses 65 "qr: needs QR version 23, this layout takes 20 at most"
head -c 4194305 /dev/zero | tr '\0' ' ' | refuses 65 "input: is larger than 4 MiB"
status=0
"$page" <base.json >/dev/full 2>refused.err || status=$?
[ "$status" = 70 ] && [ "$(cat refused.err)" = "output: cannot be written" ] || fail "a full disk is not noticed"

echo "page_readback: all codes read back"
