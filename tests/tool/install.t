#!/bin/bash
# make install puts every file where others look for it, whatever the umask, and make uninstall takes just those away.
# First build only: what is installed does not depend on how it was compiled.
. "${0%/*}/../lib/tap.sh"
build=${BIN%/bin}
to=$work/root

# What is built is installed, and nothing built again: other tests run what is there.
place() { # TARGET
	(umask "${mask:-022}" && MAKEFLAGS= make -s -C "$root" BUILD="$build" DESTDIR="$to" "$1")
}
# What is below the root: modes and names.
listing() { (cd "$to" && find . -printf '%m %y %p\n' | LC_ALL=C sort); }

check "make install" place install-only
listing >first
prefix=$to/usr/local share=$to/usr/local/share

# ---- what is there ----

for main in "$root"/cmd/*/main.c; do
	tool=${main%/main.c} tool=${tool##*/}
	check "$tool is there, with a page and completions" test -x "$prefix/bin/$tool" \
		-a -s "$share/man/man1/$tool.1" -a -s "$share/bash-completion/completions/$tool" \
		-a -s "$share/zsh/site-functions/_$tool"
	is "$tool answers" "$("$prefix/bin/$tool" -V)" "$("$BIN/$tool" -V)"
done
for folder in schemas maps; do
	check "all $folder are there" diff -r "$root/pipelines/$folder" "$share/sensorpipe/$folder"
done
is "what units and pages name is there" "$(
	grep -hoE '/usr/local/(bin|share|lib)/[A-Za-z0-9@./_-]*[A-Za-z0-9]' -r "$prefix/lib" "$share/man" "$share/sensorpipe" |
		sort -u | while read -r name; do [ -e "$to$name" ] || echo "$name"; done)" ""
is "pages tell the version" "$(grep -Lx "\.Os sensorpipe $("$BIN/sensor-sim" -V | cut -d' ' -f2)" "$share"/man/*/*)" ""
is "the chain scripts find their common part" "$(bash -c '. "$1"/chain.sh; say here' x "$share/sensorpipe" 2>&1)" "x: here"

# ---- make uninstall ----

check "make uninstall" place uninstall
is "leaves no file" "$(find "$to" ! -type d)" ""
is "and no directory of sensorpipe's" "$(find "$to" -name '*sensorpipe*')" ""
rm -r "$to"
mask=077
check "make install with a umask of 077" place install-only
is "makes the same" "$(listing | diff first -)" ""
mkdir -p "$share/sensorpipe/schemas/mine"
echo '{}' >"$share/sensorpipe/schemas/mine/1.json"
check "make uninstall" place uninstall
is "what somebody else put there stays" "$(cd "$to" && find . ! -type d)" \
	./usr/local/share/sensorpipe/schemas/mine/1.json
finish
