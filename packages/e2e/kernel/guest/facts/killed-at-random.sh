. /guest/lib.sh
simulator_on
bluetoothd_on
python3 /guest/kill_at_random.py user bluez "${TIMES:-20}" || fail 'not over bluez'
bluetoothd_off
hciconfig hci0 down
python3 /guest/kill_at_random.py root hci0 "${TIMES:-20}" || fail 'not over the user channel'
