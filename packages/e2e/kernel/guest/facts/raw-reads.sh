. /guest/lib.sh
simulator_on
trap 'hciconfig hci0 down' EXIT
hciconfig hci0 up
reads --adapter hci0
