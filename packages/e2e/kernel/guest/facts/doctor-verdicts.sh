. /guest/lib.sh
simulator_on
doctor() { as_user $ubmsc doctor "$battery" --for 2s; }
bus_on
bluetoothd_off
says 'bluetoothd does not run' doctor
bluetoothd_on
says 'all are plausible' doctor
timeout 20 bluetoothctl power off >/dev/null
says 'is switched off' doctor
rfkill block bluetooth
says 'Bluetooth is blocked' doctor
rfkill unblock bluetooth
wait_for 20 timeout 10 bluetoothctl power on
