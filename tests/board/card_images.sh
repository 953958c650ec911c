#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the card's images, in build/card of this tree whatever is being tested.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() { rm -f build/card/card/*.elf; echo "skipped: $*"; exit 77; }
for tool in arm-none-eabi-gcc arm-none-eabi-nm qemu-system-arm; do
  command -v $tool >/dev/null || skip "$tool is not installed (tools/setup)"
done
tools/bearssl-source >/dev/null || skip "BearSSL's source is not there, see above"

mkdir -p build
exec 9>build/card.lock
flock 9
cmake --preset card
cmake --build --preset card
for board in microbit an385 an386 an505; do
  tools/card-size build/card/card/card-$board.elf build/card/card/card-$board.map
done
