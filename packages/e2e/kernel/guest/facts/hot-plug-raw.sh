. /guest/lib.sh
simulator_on
bluetoothd_off
hciconfig hci0 down
python3 /guest/hot_plug.py root hci0 leap sleep block unplug || fail 'not through the user channel'
unplug_is_over
