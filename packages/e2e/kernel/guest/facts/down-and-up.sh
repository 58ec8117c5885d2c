. /guest/lib.sh
simulator_on
trap 'kill $command; wait $command; hciconfig hci0 down' EXIT
hciconfig hci0 up
$ubmsc --adapter hci0 -d "$battery" watch -f json >/tmp/watch 2>/tmp/watch.log &
command=$!
wait_for 60 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch.log)"
hciconfig hci0 down
: >/tmp/watch
sleep 3
# It may have taken the controller through the user channel by now, which is as good.
hciconfig hci0 up || true
wait_for 60 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch.log)"
