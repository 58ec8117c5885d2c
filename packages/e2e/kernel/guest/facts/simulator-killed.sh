. /guest/lib.sh
simulator_on
bluetoothd_on
simulator_off KILL
wait_for 10 not hciconfig hci0 || fail 'the controller of a killed simulator is still there'
simulator_on
wait_for 20 adapter_is_known || fail 'bluetoothd does not know the new controller'
