. /guest/lib.sh
simulator_on
bluetoothd_on
python3 /guest/ends_at_random.py user bluez "${TIMES:-3}" || fail 'not over bluez'
bluetoothd_off
hciconfig hci0 down
python3 /guest/ends_at_random.py root hci0 "${TIMES:-3}" || fail 'not over the user channel'
hciconfig hci0 up
trap 'hciconfig hci0 down' EXIT
python3 /guest/ends_at_random.py root hci0 "${TIMES:-3}" || fail 'not over the raw channel'
