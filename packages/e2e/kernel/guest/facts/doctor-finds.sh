. /guest/lib.sh
simulator_on
policy=/etc/dbus-1/system.d/refuses.conf
# refuses POLICY: what the bus does not let the user do from now on.
refuses() {
  printf '<busconfig>%s</busconfig>' "$1" >$policy
  kill -HUP "$(cat /run/dbus/pid)"
  sleep 1
}
bluetoothd_off
bus_off
says 'this system has no D-Bus' as_user $ubmsc doctor --for 2s
says 'and this process may drive it' $ubmsc doctor --for 2s
bluetoothd_on
trap 'rm -f $policy; kill -HUP "$(cat /run/dbus/pid)"' EXIT
refuses '<policy user="user"><deny send_destination="org.bluez"/></policy>'
says 'D-Bus does not let this process reach bluetoothd' as_user $ubmsc doctor --for 2s
refuses '<policy context="mandatory"><deny user="user"/></policy>'
says 'D-Bus does not let this process reach bluetoothd' as_user $ubmsc doctor --for 2s
refuses ''
says 'is powered on' as_user $ubmsc doctor --for 2s
simulator_off
says 'this machine has no Bluetooth adapter' as_user $ubmsc doctor --for 2s
says 'there is no adapter hci0, none' $ubmsc doctor --adapter hci0 --for 2s
simulator_on 1 --fault pairing=required
wait_for 20 timeout 20 bluetoothctl power on
says 'wants to be paired' as_user $ubmsc doctor "$battery" --for 2s
bluetoothd_off
rfkill block bluetooth
trap 'rm -f $policy; rfkill unblock bluetooth' EXIT
says 'Bluetooth is blocked' $ubmsc doctor --for 2s
rfkill unblock bluetooth
hciconfig hci0 down
says 'wants to be paired' $ubmsc doctor "$battery" --for 2s
