. /guest/lib.sh
[ -d /opt/python/bleak ] || skip 'bleak could not be fetched from PyPI'
simulator_on
bluetoothd_on
PYTHONPATH=/opt/python python3 /guest/bleak_streams.py "$battery" acquire >/tmp/bleak.log 2>&1 &
bleak=$!
trap 'kill $bleak; wait $bleak' EXIT
wait_for 60 grep -q 55aaeb90 /tmp/bleak.log || fail "$(cat /tmp/bleak.log)"
as_user $ubmsc -d "$battery" -c >/tmp/out 2>&1 && fail 'it is read'
cat /tmp/out
grep -q 'keeps its notifications to itself; it may be .*bleak_streams.py (process ' /tmp/out || fail 'its name is not said'
as_user $ubmsc doctor "$battery" --for 2s >/tmp/out 2>&1
grep -q 'held by another program on this machine' /tmp/out || fail "$(cat /tmp/out)"
