#!/bin/bash
# fw-fetch killed before each call that changes the disk goes on and installs the exact image; where such a call fails
# it says so, once, and goes on later.
. "${0%/*}/../lib/tap.sh"
SHIM=$(realpath "${SHIM:-$BIN/../tests/fault/shim.so}")
[ -e "$SHIM" ] || skip_all "there is no $SHIM: make unit-binaries"

mkdir -p images/thermo
head -c 16000 /dev/urandom >images/thermo/1.1.bin
head -c 9000 /dev/urandom >images/thermo/1.0.bin
sign() {
	fw-sign sign --key key --model thermo --hardware A --chunk 4096 --version "$1" --sequence "$2" \
		--minimum "$2" "images/thermo/$1.bin" >"images/thermo/$1.manifest" &&
		fw-sign publish "images/thermo/$1.manifest"
}
fw-sign() { command fw-sign --quiet "$@"; }
{ fw-sign keygen key >id && sign 1.0 10 >old && sign 1.1 11 >new; } || { flunk "manifests are signed"; finish; }
cat >install <<END
#!/bin/sh
cmp "\$1" $work/images/thermo/\$2.bin || echo "\$2" >>$work/wrong
END
chmod +x install
: >wrong

# The same seed asks by the same correlation data, so replies can be had once for all runs.
device=(fw-fetch --device d1 --model thermo --hardware A --key key.pub --dir dir --in-flight 4 --seed 1 --reject letters)
for version in old new; do
	rm -rf dir
	"${device[@]}" <$version 2>said | grep $'\tfw/get/' | fw-serve images >replies.$version 2>serve.err
	cat $version replies.$version >all.$version
done
# Before each fault there is an older image, installed.
rm -rf dir
"${device[@]}" --run ./install <all.old >out.old 2>said
cp -R dir before
is "an older image is there" "$(cat before/installed)" 10

# strike CALL NTH ACTION: a run with this fault; fails when there are not so many such calls.
strike() {
	rm -rf dir struck
	cp -R before dir
	FAULT="$1 $work/dir* $2 $3" FAULT_MARK=$work/struck LD_PRELOAD=$SHIM \
		"${device[@]}" --run ./install <all.new >got 2>said
	status=$?
	[ -e struck ]
} 2>/dev/null

# A run after it, without a fault: whether all is well. That the older image stays where it could not be deleted is.
goes_on() {
	"${device[@]}" --run ./install <all.new >again 2>said.again && cmp -s dir/1.1.bin images/thermo/1.1.bin &&
		[ "$(cat dir/installed dir/floor)" = $'11\n11' ] && grep -q '"state":"updated".*"version":"1.1"' again &&
		[ "$(ls dir | grep -vx 1.0.bin)" = $'1.1.bin\nfloor\ninstalled\nmanifest' ] && [ ! -s wrong ]
}

# each CALL ACTION: at every such call; prints how many there are, and those after which not all is well.
each() {
	local n=0 bad=
	while strike "$1" $((n + 1)) "$2"; do
		n=$((n + 1))
		case $2 in
		kill) [ $status = 137 ] || bad="$bad $n:status-$status" ;;
		*) # a mark that cannot be read ends it, all else is told
			[ $status = 74 ] || { [ $status = 0 ] && [ "$(grep -c '"state":"failed"' got)" -le 1 ]; } ||
				bad="$bad $n:status-$status"
			;;
		esac
		goes_on || bad="$bad $n"
	done
	echo "$n:$bad"
}

for call in pwrite fallocate fdatasync fsync openat renameat unlinkat; do
	for action in kill EIO; do
		like "$call, $action" "$(each $call $action)" '^[1-9][0-9]*:$'
	done
done
like "half a write" "$(each pwrite short=100)" '^[1-9][0-9]*:$'
for error in ENOSPC:no-space EROFS:read-only; do
	strike fallocate 1 "${error%:*}"
	like "${error%:*} is told" "$(cat got)" "\"state\":\"failed\".*\"reason\":\"${error#*:}\""
	like "with the file" "$(cat said)" "image.part': "
	check "and goes away" goes_on
done
finish
