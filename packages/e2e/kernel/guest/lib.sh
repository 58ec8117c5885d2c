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

# Simulated batteries in the air of hci0, three of them when nothing is said, and one simulator for all facts that want as
# many. What it sends is in /tmp/sent*.btsnoop.
simulator_on() {
  if [ -e /run/simulator.pid ] && kill -0 "$(cat /run/simulator.pid)" 2>/dev/null; then
    [ "$(cat /run/batteries)" = "$*" ] && return
    simulator_off
  fi
  simulator_starts "$@"
  wait_for 10 hciconfig hci0 || fail 'the kernel has no hci0'
}
# simulator_starts [BATTERIES [OPTION...]]
simulator_starts() {
  rm -f /tmp/sent*.btsnoop
  $ubmsc simulate --adapter vhci --batteries "${1:-3}" "${@:2}" --snoop /tmp/sent.btsnoop --show-secrets --report /tmp/report.json \
    >/tmp/simulator.log 2>&1 &
  echo $! >/run/simulator.pid
  echo "$*" >/run/batteries
  wait_for 60 grep -q SIMULATED /tmp/simulator.log || fail "$(cat /tmp/simulator.log)"
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
# Without a bus, bluetoothd ends as well.
bus_off() {
  [ -e /run/dbus/pid ] || return 0
  kill "$(cat /run/dbus/pid)"
  wait_for 10 not pgrep -x 'dbus-daemon|bluetoothd'
  rm -f /run/dbus/pid /run/dbus/system_bus_socket
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

# says TEXT COMMAND...: the command prints this text, and ends.
says() {
  local text=$1 began; shift
  began=$(now)
  "$@" >/tmp/said 2>&1 &
  timeout 60 tail --pid=$! -f /dev/null || { kill -KILL $!; fail "$* does not end, and has said: $(cat /tmp/said)"; }
  grep "$text" /tmp/said || fail "not said: $text. $* says: $(cat /tmp/said)"
  echo "  from $began to $(now): $*"
}

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

# What happens to programs: the clock is set, and none of them runs for half a minute, as in a machine that sleeps.
leap_happens() { date --set '1 hour' >/dev/null; }
sleep_happens() {
  pkill -STOP -f 'ubmsc.cjs --adapter (bluez|hci0)'
  sleep 30
  leap_happens
  pkill -CONT -f 'ubmsc.cjs --adapter (bluez|hci0)'
}
# What happens to adapters: each begins, and ends.
off_begins() { timeout 20 bluetoothctl power off >/dev/null; }
off_ends() { timeout 20 bluetoothctl power on >/dev/null; }
down_begins() { hciconfig hci0 down; }
down_ends() { hciconfig hci0 up; }
block_begins() { rfkill block bluetooth; }
block_ends() {
  rfkill unblock bluetooth
  pgrep -x bluetoothd >/dev/null || return 0
  wait_for 20 timeout 10 bluetoothctl power on >/dev/null
}
restart_begins() { bluetoothd_off; }
restart_ends() { bluetoothd_on; }
killed_begins() { bluetoothd_off -KILL; }
killed_ends() { bluetoothd_on; }
# It comes back with another number: its own is taken meanwhile, by a controller that is never switched on.
unplug_begins() {
  simulator_off KILL
  wait_for 10 not hciconfig hci0
}
unplug_ends() {
  python3 -c '
import os, time
device = os.open("/dev/vhci", os.O_RDWR)
os.write(device, b"\xff\x00")
time.sleep(600)' >/dev/null 2>&1 &
  echo $! >/run/placeholder.pid
  wait_for 10 hciconfig hci0 || fail 'no other controller'
  simulator_starts
  wait_for 30 hciconfig hci1 || fail "not hci1: $(hciconfig)"
  pgrep -x bluetoothd >/dev/null || return 0
  wait_for 20 power_on_second || fail 'bluetoothd does not switch hci1 on'
}
# Afterwards the next simulator has hci0 again.
unplug_is_over() {
  simulator_off
  kill "$(cat /run/placeholder.pid)"
  wait_for 10 not hciconfig hci0
}
power_on_second() { printf 'select %s\npower on\n' "$(hciconfig hci1 | grep -o '\(..:\)\{5\}..')" | timeout 10 bluetoothctl | grep -q succeeded; }
