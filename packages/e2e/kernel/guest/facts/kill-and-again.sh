. /guest/lib.sh
simulator_on
hciconfig hci0 down
for round in 1 2; do
  $ubmsc --adapter hci0 -d "$battery" watch -f json >/tmp/watch 2>&1 &
  wait_for 30 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch)"
  kill -KILL $!
  reads --adapter hci0
done
