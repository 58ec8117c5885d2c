. /guest/lib.sh
bluetoothd_off
# One program at a time has the adapter to itself.
for output in watch export tui; do
  simulator_on
  hciconfig hci0 down
  python3 /guest/hot_plug.py root hci0 "$output" leap sleep block unplug || fail "not $output through the user channel"
  unplug_is_over
done
