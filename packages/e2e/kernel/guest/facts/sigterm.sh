. /guest/lib.sh
simulator_on
trap 'hciconfig hci0 down' EXIT
# ends MODE SECONDS: a command that is asked to end after this time does so, scanning, connecting or reading. A hang in
# native code never ends; 10 s are for machines that are busy.
ends() {
  $ubmsc --adapter hci0 -d "$battery" watch -f json >/tmp/watch 2>&1 &
  local command=$! asked code
  sleep "$2"
  asked=$(now)
  kill -TERM $command
  timeout 10 tail --pid=$command -f /dev/null || { kill -KILL $command; fail "$1, asked after $2 s: does not end"; }
  wait $command
  code=$?
  echo "$1, asked after $2 s: code $code, from $asked to $(now)"
  [ $code = 143 ] || fail "$(cat /tmp/watch)"
}
hciconfig hci0 down
for after in 2 5; do ends 'user channel' $after; done
hciconfig hci0 up
for after in 2 4 7; do ends 'raw channel' $after; done
