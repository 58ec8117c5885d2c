. /guest/lib.sh
simulator_on 1
bluetoothd_on
python3 /guest/reads_everything.py user || fail 'not over bluez'
node /guest/first-reading.cjs user || fail 'no first reading over bluez'
bluetoothd_off
hciconfig hci0 down
python3 /guest/reads_everything.py root || fail 'not as root without bluetoothd'
node /guest/first-reading.cjs root || fail 'no first reading as root without bluetoothd'
