. /guest/lib.sh
bluetoothd_off
# One program at a time has the adapter to itself. The kernel refuses to block one that a program has as its user channel.
for output in watch export tui; do
  simulator_on
  hciconfig hci0 down
  python3 /guest/hot_plug.py root hci0 "$output" leap sleep unplug || fail "not $output through the user channel"
  unplug_is_over
  simulator_on
  hciconfig hci0 up
  python3 /guest/hot_plug.py root hci0 "$output" leap sleep block unplug || fail "not $output through the raw channel"
  unplug_is_over
done
