. /guest/lib.sh
[ -d /opt/python/aiobmsble ] || skip 'aiobmsble could not be fetched from PyPI'
simulator_on
bluetoothd_on
for how in -TERM -KILL; do
  bluetoothd_off $how
  bluetoothd_on
  PYTHONPATH=/opt/python timeout 60 python3 /guest/aiobmsble_reads.py "$battery" >/dev/null || fail "not after $how"
done
