#!/bin/bash
# make dist: all that is committed, and from that without git the same bytes again.
# First build only: nothing that was built is in it.
. "${0%/*}/../lib/tap.sh"
[ -e "$root/.git" ] || skip_all "not in a clone"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

dist() { # DIRECTORY TARGET-DIRECTORY
	MAKEFLAGS= make -s -C "$1" BUILD="$2" dist
}
check "make dist" dist "$root" "$work/one"
archive=$(echo one/dist/*.tar.gz)
tar -xzf "$archive"
tree=$(basename "$archive" .tar.gz)
is "its name is that of the version" "$tree" "sensorpipe-$(sed -n 's/^VERSION = //p' "$root/Makefile")"
is "it holds what is committed" "$(cd "$tree" && find . -type f | sed 's|^\./||' | LC_ALL=C sort)" \
	"$(cd "$root" && git ls-tree -r --name-only HEAD | LC_ALL=C sort)"
mkdir "$tree/build"
touch "$tree/build/x"
check "from the archive, where something was built, with another umask" eval '(umask 077 && dist "$tree" "$work/two")'
check "it is the same" cmp "$archive" "two/${archive#*/}"
finish
