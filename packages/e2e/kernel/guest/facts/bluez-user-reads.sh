. /guest/lib.sh
simulator_on
bluetoothd_on
as_user $ubmsc -d "$battery" -c -f json --adapter bluez >/tmp/reading.json 2>/tmp/reading.log || fail "$(cat /tmp/reading.log)"
is_a_reading
