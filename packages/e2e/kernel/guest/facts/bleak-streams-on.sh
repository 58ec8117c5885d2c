. /guest/lib.sh
[ -d /opt/python/bleak ] || skip 'bleak could not be fetched from PyPI'
simulator_on
bluetoothd_on
python3 /guest/streams_on.py || fail 'it does not stream on'
