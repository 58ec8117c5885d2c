. /guest/lib.sh
simulator_on
bluetoothd_on
as_user $ubmsc -l info -d "$battery" watch -f json >/tmp/watch 2>/tmp/watch.log &
watch=$!
trap 'pkill -TERM -f "ubmsc.cjs.* watch"; wait $watch' EXIT
wait_for 30 grep -q cell_voltage /tmp/watch || fail "$(cat /tmp/watch.log)"
for command in "-d $battery -c" "-d $battery -i" "settings $battery" 'scan -t 3'; do
  as_user $ubmsc $command >/tmp/other 2>&1 || fail "$command: $(cat /tmp/other)"
  : >/tmp/watch
  wait_for 10 grep -q cell_voltage /tmp/watch || fail "the stream ended with $command"
done
! grep -q 'was lost' /tmp/watch.log || fail "$(cat /tmp/watch.log)"
