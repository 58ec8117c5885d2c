. /guest/lib.sh
simulator_on
bluetoothd_off
hciconfig hci0 down
rm -rf /tmp/received && mkdir /tmp/received
$ubmsc --adapter hci0 --show-secrets record -d UPS_BMS -d UPS_BMS_2 -d UPS_BMS_3 --for 60s -o /tmp/received \
  2>/tmp/record.log || fail "$(cat /tmp/record.log)"
node /guest/same-stream.cjs 55 /tmp/received/*
