#!/bin/bash
# fw-fetch killed before each call that changes the disk goes on and installs the exact image; where such a call fails
# it says so, once, and goes on later.
. "${0%/*}/../lib/tap.sh"
SHIM=$(realpath "${SHIM:-$BIN/../tests/fault/shim.so}")
[ -e "$SHIM" ] || skip_all "there is no $SHIM: make unit-binaries"

mkdir -p images/thermo
head -c 16000 /dev/urandom >images/thermo/1.1.bin
head -c 16000 /dev/urandom >images/thermo/1.1-rc.bin
head -c 9000 /dev/urandom >images/thermo/1.0.bin
sign() {
	fw-sign sign --key key --model thermo --hardware A --chunk 4096 --version "$1" --sequence "$2" \
		--minimum "$2" "images/thermo/$1.bin" >"images/thermo/$1.manifest" &&
		fw-sign publish "images/thermo/$1.manifest"
}
fw-sign() { command fw-sign --quiet "$@"; }
{ fw-sign keygen key >id && sign 1.0 10 >old && sign 1.1-rc 11 >half && sign 1.1 12 >new; } || { flunk "manifests are signed"; finish; }
cat >install <<END
#!/bin/sh
cmp "\$1" $work/images/thermo/\$2.bin || echo "\$2" >>$work/wrong
END
chmod +x install
: >wrong

device=(fw-fetch --device d1 --model thermo --hardware A --key key.pub --dir dir --in-flight 4 --seed 1 --reject letters)
# The same seed asks by the same correlation data, so replies can be had once for all runs.
replies() { "${device[@]}" <"$1" 2>said | grep $'\tfw/get/' | fw-serve --quiet images; }

# Before each fault there is an older image, installed, and half of one that is to be replaced, of the same size.
replies old >replies.old
rm -rf dir
cat old replies.old | "${device[@]}" --run ./install >out.old 2>said
"${device[@]}" --run ./install <half >out.half 2>said
echo 2 >dir/have.part
cp -R dir before
is "an older image is there" "$(cat before/installed)" 10
is "and half of one" "$("${device[@]}" </dev/null 2>said | grep -o '"offset":[0-9]*' | paste -sd' ')" \
	'"offset":8192 "offset":8192 "offset":12288'
# What is asked for where the half is still known, and where it is not.
replies new >replies.half
rm -rf dir
replies new >replies.none
cat new replies.half replies.none >all.new

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
		[ "$(cat dir/installed dir/floor)" = $'12\n12' ] && grep -q '"state":"updated".*"version":"1.1"' again &&
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
strike fallocate 1 EINTR
is "a signal is no fault" "$(cat dir/installed) $(grep -c failed got)" "12 0"
for error in ENOSPC:no-space EROFS:read-only; do
	strike fallocate 1 "${error%:*}"
	like "${error%:*} is told" "$(cat got)" "\"state\":\"failed\".*\"reason\":\"${error#*:}\""
	like "with the file" "$(cat said)" "image.part': "
	check "and goes away" goes_on
done
finish
