. /guest/lib.sh
simulator_on
# says TEXT: doctor, for an ordinary user, says so.
says() {
  as_user $ubmsc doctor "$battery" --for 2s >/tmp/doctor 2>&1
  grep -q "$1" /tmp/doctor || fail "not said: $1. $(cat /tmp/doctor)"
}
bus_on
bluetoothd_off
says 'bluetoothd does not run'
bluetoothd_on
says 'all are plausible'
timeout 20 bluetoothctl power off >/dev/null
says 'is switched off'
rfkill block bluetooth
says 'Bluetooth is blocked'
rfkill unblock bluetooth
wait_for 20 timeout 10 bluetoothctl power on
