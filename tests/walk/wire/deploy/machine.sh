#!/bin/sh
# A machine of its own inside this one, for `systemd.rs`: systemd is its first process, its file system is this one with FOLDER/put over
# it and forgets what was written, D-Bus is all of this machine's units that it starts, and its network is the loopback alone.
#
#   machine.sh FOLDER
#
# For root. It ends, with everything in it, when this process does.

set -eu

if [ "${2-}" != inside ]; then
	# A control group of its own: what systemd makes of it is not this machine's.
	groups=/sys/fs/cgroup
	[ -e "$groups/cgroup.procs" ] || groups=$groups/unified
	own=$groups$(sed -n 's/^0:://p' /proc/self/cgroup)/payphone-machine-$$
	mkdir "$own"
	echo $$ >"$own/cgroup.procs"
	exec unshare --mount --propagation private --pid --fork --kill-child --ipc --uts --net --cgroup -- /bin/sh "$0" "$1" inside
fi

mount -t tmpfs tmpfs "$1/disk"
mkdir "$1/disk/upper" "$1/disk/work" "$1/disk/root"
root=$1/disk/root
mount -t overlay -o "lowerdir=/,upperdir=$1/disk/upper,workdir=$1/disk/work" overlay "$root"
mount -t proc proc "$root/proc"
# What is set there is the kernel's, and so this machine's too.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"

rm -rf "$root"/etc/systemd/system/* "$root"/usr/lib/systemd/system/*.wants "$root"/usr/lib/systemd/system-generators
mkdir -p "$root/etc/systemd/system"
for target in sysinit basic shutdown; do
	printf '[Unit]\nDefaultDependencies=no\n' >"$root/etc/systemd/system/$target.target"
done
printf '[Unit]\nDefaultDependencies=no\nWants=dbus.socket dbus.service\n' >"$root/etc/systemd/system/machine.target"
cp -R --preserve=mode "$1/put/." "$root/"

mkdir "$root/before"
cd "$root"
pivot_root . before
umount -l /before
# From here on what goes wrong is a finding, and no machine that cannot be made here.
echo made
# Credentials are mounted aside and have to be seen by the service.
mount --make-rshared /
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	/lib/systemd/systemd --system --unit=machine.target --log-target=console --log-level=warning --show-status=no
