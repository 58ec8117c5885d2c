. /guest/lib.sh
simulator_on
bluetoothd_on
rm -rf /tmp/received && mkdir -m 777 /tmp/received
as_user $ubmsc --adapter bluez --show-secrets record -d UPS_BMS -d UPS_BMS_2 -d UPS_BMS_3 --for 60s -o /tmp/received \
  2>/tmp/record.log || fail "$(cat /tmp/record.log)"
node /guest/same-stream.cjs 55 /tmp/received/*
