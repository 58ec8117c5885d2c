. /guest/lib.sh
[ -d /opt/python/aiobmsble ] || skip 'aiobmsble could not be fetched from PyPI'
simulator_on
bluetoothd_on
PYTHONPATH=/opt/python timeout 60 python3 /guest/aiobmsble_reads.py "$battery" >/tmp/samples.json || fail 'aiobmsble failed'
$ubmsc decode /tmp/sent.btsnoop -f json >/tmp/sent.json 2>/dev/null
node /guest/same-values.cjs /tmp/samples.json /tmp/sent.json
