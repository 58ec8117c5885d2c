. /guest/lib.sh
[ -d /opt/python/aiobmsble ] || skip 'aiobmsble could not be fetched from PyPI'
# reads_model MODEL NAME: aiobmsble reads a battery of this model, which has this name, as it was sent.
reads_model() {
  simulator_on 1 --model "$1"
  bluetoothd_on
  wait_for 20 timeout 20 bluetoothctl power on
  # BlueZ remembers the services of the model before, which had the same address.
  timeout 10 bluetoothctl remove C8:47:80:00:00:01 >/dev/null
  PYTHONPATH=/opt/python timeout 90 python3 /guest/aiobmsble_reads.py "$2" >/tmp/samples.json || fail "not $1"
  $ubmsc decode /tmp/sent.btsnoop -f json >/tmp/sent.json 2>/dev/null
  node /guest/same-values.cjs /tmp/samples.json /tmp/sent.json || fail "not as $1 has sent it"
}
reads_model JK_B2A20S20P JK_B2A20S20P
reads_model JK_PB2A16S15P 406154A00001-00
reads_model JK-BD6A17S6P JK-BD6A17S6P
