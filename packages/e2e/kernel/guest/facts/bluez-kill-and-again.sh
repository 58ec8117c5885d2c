. /guest/lib.sh
simulator_on
bluetoothd_on
for round in 1 2; do
  as_user $ubmsc -d "$battery" watch -f json >/tmp/watch 2>&1 &
  wait_for 30 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch)"
  pkill -KILL -f 'ubmsc.cjs.* watch'
  timeout 10 bluetoothctl devices Connected | grep -q UPS_BMS || fail 'nothing was left behind'
  as_user $ubmsc -d "$battery" -c -f json >/tmp/reading.json 2>/tmp/reading.log || fail "$(cat /tmp/reading.log)"
  is_a_reading
done
