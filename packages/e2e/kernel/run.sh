#!/usr/bin/env bash
# run.sh IMAGE [COMMAND]: boots the image of make.sh with the built command and the scripts of guest/, and runs COMMAND in
# it: `./run-facts`, which reads /facts, when left out. FACTS in the environment is what goes into /facts.
#   LIMIT=120       seconds that a fact may take
#   ICOUNT=shift=2  the guest's clock goes by its instructions: time-outs are as on an idle machine, however busy this one is
#   TIMEOUT=900     seconds after which the machine is switched off
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
image=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT

# The command as it is installed: its bundle, with the native part beside it.
mkdir -p "$work/root/ubmsc"
cp -r "$top"/packages/cli/{bin,dist,package.json} "$work/root/ubmsc/"
find "$work/root/ubmsc/dist" -name '*.map' -delete
cp -r "$here/guest" "$work/root/guest"
cp "$here/guest/init" "$work/root/init"
printf '%s\n' ${FACTS:-} >"$work/root/facts"
printf '%s\n' "export LIMIT=${LIMIT:-120}" "${2:-./run-facts}" >"$work/root/guest/command"
(cd "$work/root" && find . -print0 | cpio --null --create --format=newc --owner=0:0 --quiet) | cat "$image/base.cpio" - >"$work/initrd"

# No KVM is needed: the processor is emulated.
clock=(-accel tcg,thread=multi -smp 2)
[ -z "${ICOUNT:-}" ] || clock=(-accel tcg,thread=single -icount "$ICOUNT" -smp 1)
timeout --foreground "${TIMEOUT:-900}" qemu-system-x86_64 "${clock[@]}" -M q35,usb=off -cpu Nehalem -m 1536 \
  -nodefaults -no-user-config -display none -no-reboot -serial stdio -kernel "$image/vmlinuz" -initrd "$work/initrd" \
  -append 'console=ttyS0 quiet loglevel=3 mitigations=off nokaslr audit=0 panic=-1 cryptomgr.notests rdinit=/init' </dev/null
