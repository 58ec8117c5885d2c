. /guest/lib.sh
simulator_on
bluetoothd_on
python3 /guest/hot_plug.py user bluez watch,export,tui leap sleep off block restart killed unplug || fail 'not over bluez'
unplug_is_over
