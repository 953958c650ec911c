# SPDX-License-Identifier: Apache-2.0
# The card service that tools/virtual-card has started, which a test ends and begins again; to be sourced after lib.sh.

# The name of virtual reader NUMBER.
reader() { echo "Saksi virtual reader $1 0$(($1 - 1)) 00"; }

begin_service() {
  pcscd --foreground --error --config "$VIRTUAL_CARD/readers" >>"$VIRTUAL_CARD/pcscd.log" 2>&1 &
  echo $! >"$VIRTUAL_CARD/pcscd.pid"
  disown $!
  for _ in $(seq 100); do [ -S /run/pcscd/pcscd.comm ] && return; sleep 0.05; done
}

end_service() { # [SIGNAL]
  local pid
  pid=$(cat "$VIRTUAL_CARD/pcscd.pid")
  kill "${1:--TERM}" "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid
}
