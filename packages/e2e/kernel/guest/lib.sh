# What the scripts of facts share. Each runs in a shell of its own; simulators and services stay between them.
# The command, as a variable: of a function in the background, $! would be the shell.
ubmsc='node /ubmsc/bin/ubmsc.cjs'
fail() { echo "$*"; exit 1; }
skip() { echo "$*"; exit 77; }
now() { cut -d' ' -f1 /proc/uptime; }

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
  local tries=$(($1 * 5)); shift
  until "$@" >/dev/null 2>&1; do
    ((tries-- > 0)) || return 1
    sleep 0.2
  done
}

# Three simulated batteries in the air of hci0, one simulator for all facts. What it sends is in /tmp/sent*.btsnoop.
simulator_on() {
  [ -e /run/simulator.pid ] && kill -0 "$(cat /run/simulator.pid)" 2>/dev/null && return
  rm -f /tmp/sent*.btsnoop
  $ubmsc simulate --adapter vhci --batteries 3 --snoop /tmp/sent.btsnoop --show-secrets --report /tmp/report.json \
    >/tmp/simulator.log 2>&1 &
  echo $! >/run/simulator.pid
  wait_for 30 grep -q SIMULATED /tmp/simulator.log || fail "$(cat /tmp/simulator.log)"
  wait_for 10 hciconfig hci0 || fail 'the kernel has no hci0'
}
simulator_off() {
  kill "-${1:-TERM}" "$(cat /run/simulator.pid)" && tail --pid="$(cat /run/simulator.pid)" -f /dev/null
  rm -f /run/simulator.pid
}

# The system bus, as the packages would start it, and bluetoothd on it.
bus_on() {
  [ -e /run/dbus/pid ] && return
  mkdir -p /run/dbus
  dbus-uuidgen --ensure
  dbus-daemon --system --fork
}
bluetoothd_on() {
  bus_on
  pgrep -x bluetoothd >/dev/null && return
  /usr/libexec/bluetooth/bluetoothd --nodetach >/tmp/bluetoothd.log 2>&1 &
  wait_for 20 adapter_is_known || fail "bluetoothd knows no adapter: $(cat /tmp/bluetoothd.log)"
  timeout 20 bluetoothctl power on >/dev/null
}
adapter_is_known() { timeout 10 bluetoothctl list | grep -q Controller; }
bluetoothd_off() {
  pgrep -x bluetoothd >/dev/null || return 0
  pkill "${1:--TERM}" -x bluetoothd
  wait_for 10 not pgrep -x bluetoothd
}
not() { ! "$@"; }

# as_user COMMAND...: an ordinary user, in no group.
as_user() { setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs env HOME=/home/user "$@"; }

# The battery that the tests read.
battery=UPS_BMS
# reads ARGUMENTS...: the command prints a reading of that battery.
reads() {
  $ubmsc "$@" -d "$battery" -c -f json >/tmp/reading.json 2>/tmp/reading.log || fail "$(cat /tmp/reading.log)"
  is_a_reading
}
# What is in /tmp/reading.json has four cells of about 3.3 V.
is_a_reading() {
  node -e '
    const [{ cell_voltage: cells }] = JSON.parse(fs.readFileSync("/tmp/reading.json", "utf8")).cell_data;
    if (cells.length !== 4 || cells.some((volts) => Math.abs(volts - 3.3) > 0.2)) throw new Error(cells.join());
  ' || fail "$(cat /tmp/reading.json)"
}
