. /guest/lib.sh
simulator_on
bluetoothd_on
# says TEXT COMMAND...: what it prints has this text.
says() {
  local text=$1; shift
  "$@" >/tmp/out 2>&1
  grep -q "$text" /tmp/out || fail "not said: $text. $(cat /tmp/out)"
}
says 'is used by the system' env HCI_CHANNEL_USER=1 $ubmsc doctor --adapter hci0 --for 2s
says 'bluetoothd uses it, too' $ubmsc doctor --adapter hci0 "$battery" --for 2s
says 'lacks CAP_NET_RAW' as_user $ubmsc doctor --adapter hci0 --for 2s
says 'may not be driven by this user' as_user $ubmsc --adapter hci0 -c
says 'hci7 is not there' as_user $ubmsc doctor --adapter bluez:hci7 --for 2s
bluetoothd_off
hciconfig hci0 down
$ubmsc --adapter hci0 -d "$battery" watch -f json >/tmp/watch 2>&1 &
trap 'kill %1; wait' EXIT
wait_for 60 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch)"
says 'is held by process' $ubmsc doctor --adapter hci0 --for 2s
mv /ubmsc/dist/node_modules/@stoprocent /tmp/away
says 'native part is missing' $ubmsc doctor --adapter hci0 --for 2s
mv /tmp/away /ubmsc/dist/node_modules/@stoprocent
