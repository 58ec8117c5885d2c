. /guest/lib.sh
simulator_on
hciconfig hci0 down
reads --adapter hci0
