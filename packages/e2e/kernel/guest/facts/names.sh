. /guest/lib.sh
simulator_on
bluetoothd_on
timeout 20 bluetoothctl --timeout 6 scan on
timeout 10 bluetoothctl devices | tee /tmp/devices
for name in UPS_BMS UPS_BMS_2 UPS_BMS_3; do grep -q " $name\$" /tmp/devices || fail "$name has no name"; done
