#!/usr/bin/env bash
# Makes what the kernel tests boot, from Debian's packages: `make.sh FOLDER` leaves vmlinuz and base.cpio there.
# Needs apt, cpio and Debian's keyring, but no root; nothing is installed on this machine.
#   SUITE=trixie   whose kernel and BlueZ
#   NODE=/path     the node that goes in; it must be linked to nothing newer than the suite has
#   MIRROR=URL     where Debian is; that of this machine when it is Debian itself
set -euo pipefail
suite=${SUITE:-trixie}
node=${NODE:-$(command -v node)}
out=$(mkdir -p "$1" && cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "[$SECONDS s] $*" >&2; }

# What the guest needs; apt adds what these depend on.
packages=(linux-image-amd64 bash coreutils util-linux mount procps kmod grep sed libstdc++6 dbus bluez rfkill python3)

# apt with folders of its own: nothing is installed yet, and the suite may be another than this machine's.
mkdir -p "$work"/{lists/partial,cache/archives/partial,debs}
own=$(. /etc/os-release && [ "$ID" = debian ] && apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | head -1 || true)
mirror=${MIRROR:-${own:-http://deb.debian.org/debian}}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] ${mirror%/} $suite main" >"$work/sources.list"
: >"$work/status"
apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
    -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}
apt update
apt install --download-only --yes "${packages[@]}" >/dev/null
say "$(ls "$work"/cache/archives/*.deb | wc -l) packages of $suite"

root=$work/root
mkdir -p "$root"
# Debian keeps everything under /usr, and packages may still name the old places.
for folder in bin sbin lib lib64; do mkdir -p "$root/usr/$folder" && ln -s "usr/$folder" "$root/$folder"; done
for deb in "$work"/cache/archives/*.deb; do
  # Of the kernel's modules only Bluetooth and what it uses.
  case $deb in
    */linux-image-[0-9]*) dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work" --wildcards --no-anchored 'vmlinuz-*' 'modules.*' \
      'kernel/net/bluetooth/*' 'kernel/drivers/bluetooth/*' 'kernel/crypto/*' 'kernel/arch/*/crypto/*' 'kernel/net/rfkill/*' 'kernel/lib/*' 'kernel/drivers/hid/uhid*' ;;
    */linux-*|*/initramfs*|*/dracut*) ;;
    *) dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink \
      --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/info' \
      --exclude='./usr/share/perl*' --exclude='./usr/lib/*/perl*' --exclude='./usr/share/i18n' --exclude='./usr/share/zoneinfo' ;;
  esac
done
cp "$work"/boot/vmlinuz-* "$out/vmlinuz"
modules=$(find "$work" -path "$root" -prune -o -type d -path '*/lib/modules/*' -prune -print | head -1)
mkdir -p "$root/usr/lib/modules" && mv "$modules" "$root/usr/lib/modules/"
cp "$node" "$root/usr/bin/node"

# aiobmsble, which Home Assistant reads batteries with, and bleak below it, for the suite's Python: bleak alone where that is
# too old, and neither where PyPI cannot be reached.
python=$(basename "$(ls "$root"/usr/bin/python3.* | head -1)")
fetch() {
  python3 -m pip download --quiet --disable-pip-version-check --dest "$work/wheels" --python-version "${python#python}" \
    --only-binary=:all: --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 "$1"
}
if fetch aiobmsble==0.31.0 2>/dev/null || fetch bleak==3.1.0 >&2; then
  mkdir -p "$root/opt/python"
  for wheel in "$work"/wheels/*.whl; do python3 -m zipfile --extract "$wheel" "$root/opt/python"; done
fi
say "unpacked: $(du -sm "$root" | cut -f1) MB"

# What the packages' own scripts would have made.
cat >"$root/etc/passwd" <<'X'
root:x:0:0:root:/root:/bin/bash
messagebus:x:101:101::/nonexistent:/usr/sbin/nologin
user:x:1000:1000::/home/user:/bin/bash
X
printf 'root:x:0:\nmessagebus:x:101:\nbluetooth:x:102:\nuser:x:1000:\n' >"$root/etc/group"
echo 'hosts: files' >"$root/etc/nsswitch.conf"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
mkdir -p "$root"/{proc,sys,dev,run,tmp,root,home/user} && chmod 1777 "$root/tmp"
rm -rf "$root/var/run" && ln -s ../run "$root/var/run"
(cd "$root" && find . -print0 | cpio --null --create --format=newc --owner=0:0 --quiet) >"$out/base.cpio"
say "base.cpio: $(du -m "$out/base.cpio" | cut -f1) MB"
