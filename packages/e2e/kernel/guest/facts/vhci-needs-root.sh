. /guest/lib.sh
as_user $ubmsc simulate --adapter vhci >/tmp/out 2>&1 && fail 'it works'
grep -q 'may not be used by this user; ' /tmp/out || fail "$(cat /tmp/out)"
