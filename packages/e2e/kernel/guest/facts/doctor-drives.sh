. /guest/lib.sh
simulator_on
bluetoothd_on
says 'is used by the system' env HCI_CHANNEL_USER=1 $ubmsc doctor --adapter hci0 --for 2s
says 'bluetoothd uses it, too' $ubmsc doctor --adapter hci0 "$battery" --for 2s
says 'lacks CAP_NET_RAW' as_user $ubmsc doctor --adapter hci0 --for 2s
says 'may not be driven by this user' as_user $ubmsc --adapter hci0 -c
says 'hci7 is not there' as_user $ubmsc doctor --adapter bluez:hci7 --for 2s
bluetoothd_off
hciconfig hci0 down
$ubmsc --adapter hci0 -d "$battery" watch -f json >/tmp/watch 2>&1 &
watch=$!
trap 'kill $watch; wait $watch' EXIT
wait_for 60 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch)"
says 'is held by process' $ubmsc doctor --adapter hci0 --for 2s
kill $watch; wait $watch; trap - EXIT
native=/ubmsc/dist/node_modules/@stoprocent
cp -r $native /tmp/native
for file in $native/*/prebuilds/*/*.node; do echo 'built for another' >"$file"; done
says 'native part was built for another system or Node' $ubmsc doctor --adapter hci0 --for 2s
rm -r $native
says 'native part is missing' $ubmsc doctor --adapter hci0 --for 2s
mv /tmp/native $native
