#!/bin/bash
# fw-fetch takes only manifests that are signed and meant for the device, only chunks it asked for, and installs once.
. "${0%/*}/../lib/tap.sh"

# ---- a model with two versions, and what a server says of them ----

fw-sign() { command fw-sign --quiet "$@"; }
{ fw-sign keygen key && fw-sign keygen other-key; } >ids || { flunk "keys are made"; finish; }
mkdir -p images/thermo

# sign FILE VERSION SEQUENCE OPTION...: the manifest record of images/thermo/VERSION.bin, in FILE.
sign() {
	local file=$1 version=$2 sequence=$3
	shift 3
	fw-sign sign --key key --model thermo --hardware A --hardware B2 --chunk 4096 --version "$version" \
		--sequence "$sequence" "$@" "images/thermo/$version.bin" >"images/thermo/$version.manifest" &&
		fw-sign publish "images/thermo/$version.manifest" >"$file"
}
head -c 16000 /dev/urandom >images/thermo/1.1.bin
head -c 4096 /dev/urandom >images/thermo/1.2.bin
cp images/thermo/1.2.bin images/thermo/1.0.bin
sign old 1.0 10 && sign new 1.1 11 && sign newer 1.2 12 || { flunk "manifests are signed"; finish; }

# fetch OPTION...: a device, whose waits and correlation data are those of a seed.
device=(fw-fetch --device d1 --model thermo --hardware B2 --key key.pub --dir dir --in-flight 4 --seed 1
	--reject letters)
fetch() {
	"${device[@]}" "$@" 2>said
}
# What goes out, in short: the requests' offsets, the states.
outline() {
	awk -F'\t' '$4 ~ /^fw.get/ { match($8, /"offset":[0-9]*/); print "get " substr($8, RSTART + 9, RLENGTH - 9) }
		$4 ~ /^fw.state/ { match($8, /"state":"[a-z]*"/); s = substr($8, RSTART + 9, RLENGTH - 10)
			if (match($8, /"reason":"[^"]*"/)) s = s " " substr($8, RSTART + 10, RLENGTH - 11)
			match($8, /"version":"[^"]*"/); print s, substr($8, RSTART + 11, RLENGTH - 12) }' "$@" | paste -sd,
}
codes() {
	cut -f4 letters 2>/dev/null | paste -sd,
}
fresh() {
	rm -rf dir letters
}

# The requests for an image, and the replies of the server, which a run with the same seed takes.
for version in new newer; do
	fresh
	fetch <$version >out.$version
	grep $'\tfw/get/' out.$version >requests.$version
	fw-serve images <requests.$version >replies.$version 2>>serve.err
done
is "a manifest makes it ask" "$(outline out.new)" "downloading 1.1,get 0,get 4096,get 8192,get 12288"
is "states are retained" "$(awk -F'\t' '$4 == "fw/state/d1" { print $5 }' out.new)" q1r
like "a request is as the protocol wants it" "$(head -n 1 requests.new)" \
	$'^m1\t0\t[^\t]*\tfw/get/d1\tq1\tapplication/json\t.*mqtt.response-topic=fw%2Frx%2Fd1'
is "the server answers each" "$(cut -f4 replies.new | uniq -c | tr -s ' ')" " 4 fw/rx/d1"

# ---- the way it should go ----

fresh
cat new replies.new | fetch >got
is "an image is fetched and verified" "$(outline got)" \
	"downloading 1.1,get 0,get 4096,get 8192,get 12288,downloaded 1.1,verified 1.1"
check "it is the image" cmp dir/1.1.bin images/thermo/1.1.bin
is "beside its manifest, nothing else is left" "$(ls dir)" $'1.1.bin\nmanifest'
like "the summary adds up" "$(cat said)" "lines 5, malformed 0, others 0, manifests: accepted 1, .*taken 4, stray 0"
is "again: it is verified, not fetched" "$(fetch <new | outline)" "downloaded 1.1,verified 1.1,verified 1.1"
is "a version that is newer replaces it" "$(cat newer replies.newer | fetch --seed 0 | outline | head -c 60)" \
	"downloaded 1.1,verified 1.1,downloading 1.2,get 0"

check "the example of the manual" eval 'fw-sign publish images/thermo/1.1.manifest |
	fw-fetch --device test --model thermo --hardware B2 --key key.pub --dir test'
is "shows what a device would do" "$(cut -f4 out)" $'fw/state/test\nfw/get/test\nfw/get/test'

# ---- what is refused ----

fresh
sed 's/"size":16000/"size":16001/' new >tampered
fw-sign sign --key other-key --model thermo --hardware B2 --chunk 4096 --version 1.1 --sequence 11 \
	images/thermo/1.1.bin >m && fw-sign publish m >forged
fw-sign sign --key key --model valve --hardware B2 --chunk 4096 --version 1.1 --sequence 11 \
	images/thermo/1.1.bin >m && fw-sign publish m | sed 's|fw/valve/|fw/thermo/|' >other-model
fw-sign sign --key key --model thermo --hardware C --chunk 4096 --version 1.1 --sequence 11 \
	images/thermo/1.1.bin >m && fw-sign publish m >other-hardware
{
	cat tampered forged other-model other-hardware
	sed 's|fw/thermo/|fw/valve/|' new
	sed 's|fw/rx/d1|fw/rx/d2|' replies.new | head -n 1
	awk -F'\t' -v OFS='\t' '{ $8 = "nonsense"; print }' new
	awk -F'\t' -v OFS='\t' '{ $8 = ""; print }' new
	awk -F'\t' -v OFS='\t' '{ $7 = ""; print }' replies.new | head -n 1
	printf 'm1\tx\nnonsense\n'
} >bad
is "what is no firmware for this device makes it say why, and ask nothing" "$(fetch <bad | outline)" \
	"failed model 1.1,failed hardware 1.1"
is "each has its code" "$(codes)" \
	"bad-signature,unknown-key,model,hardware,other-topic,other-topic,bad-manifest,bad-reply,malformed,not-a-record"
like "and is counted" "$(cat said)" \
	"lines 11, malformed 2, others 2, .* refused 5, withdrawn 1, .* bad 1;"
is "nothing is kept" "$(ls dir)" ""
is "any of several keys will do" "$(cat forged | fetch --key other-key.pub | outline | cut -d, -f1)" "downloading 1.1"

# ---- downgrades ----

fresh
is "a lower sequence is refused" "$(fetch --sequence 12 <new | outline) $(codes)" "failed downgrade 1.1 downgrade"
fresh
is "the same one is installed" "$(fetch --sequence 11 <new | outline)" "updated 1.1"
is "a lower one is taken when that is allowed" "$(fetch --sequence 12 --allow-downgrade <new | outline | cut -d, -f1)" \
	"downloading 1.1"
fresh
is "lower than the one accepted last, it is refused" "$(cat newer new | fetch | outline) $(codes)" \
	"downloading 1.2,get 0 downgrade"
is "after a restart, too" "$(fetch <new | outline) $(codes)" "downloading 1.2,get 0 downgrade,downgrade"
sign minimum 1.2 12 --minimum 12
fetch <minimum >/dev/null
is "the minimum is kept" "$(cat dir/floor)" 12
is "and holds even if downgrades are allowed" \
	"$(rm dir/manifest && fetch --allow-downgrade <new | outline) $(codes)" "failed downgrade 1.1 downgrade,downgrade,downgrade"

sign minimum 1.1 11 --minimum 11
fresh
is "so does that of what runs already" "$(fetch --sequence 11 <minimum | outline) $(cat dir/floor)" "updated 1.1 11"
is "after a restart" "$(fetch --allow-downgrade <old | outline)" "failed downgrade 1.0"

fresh
cat new replies.new | fetch >got
is "after a refusal the device tells again what it has" "$(cat old other-hardware | fetch | outline)" \
	"downloaded 1.1,verified 1.1,failed downgrade 1.0,verified 1.1,failed hardware 1.1,verified 1.1"

# ---- replies ----

fresh
sed -n '1!G;h;$p' replies.new >reversed
cat new reversed replies.new | fetch >got
check "chunks in another order, then all once more" cmp dir/1.1.bin images/thermo/1.1.bin
like "those that are not wanted are counted" "$(cat said)" "taken 4, stray 4, mismatched 0"

fresh
{
	cat new
	sed 's/\(correlation-data=\)[0-9a-f]*/\10123456789abcdef/' replies.new # of somebody else
	sed 's/version=1.1/version=1.2/' replies.new
	sed 's/offset=4096/offset=8192/' replies.new | sed -n 2p
	sed 's/crc32c=......../crc32c=00000000/' replies.new | head -n 1
	sed 's/\(\t[^\t]\{3000\}\)[^\t]*/\1/' replies.new | sed -n 3p
	sed -n 4p replies.new
} >wrong
fetch <wrong >got
is "wrong chunks are asked for again" "$(outline got)" "downloading 1.1,get 0,get 4096,get 8192,get 12288,get 0"
like "but counted" "$(cat said)" "taken 1, stray 4, mismatched [56], corrupt [12], refusals 0, bad 0"
fetch --seed 2 <replies.new >got
like "a reply that comes after a restart is nobody's" "$(cat said)" "taken 0, stray 4,"

fresh
fw-serve images <<<"$(sed 's/"version":"1.1"/"version":"9"/' requests.new)" >unknown 2>>serve.err
cat new unknown unknown | fetch >got
is "a server that does not have it ends it" "$(outline got)" \
	"downloading 1.1,get 0,get 4096,get 8192,get 12288,failed unknown-version 1.1"

# ---- a server that lies: right checksums, wrong bytes ----

fresh
mkdir -p lies/thermo && head -c 16000 /dev/zero >lies/thermo/1.1.bin
fw-sign sign --key key --model thermo --hardware B2 --chunk 4096 --version 1.1 --sequence 11 \
	lies/thermo/1.1.bin >lies/thermo/1.1.manifest
fw-serve lies <requests.new >replies.lies 2>>serve.err
cat new replies.lies | fetch >got
is "the digest tells" "$(outline got | grep -o 'downloaded.*')" "downloaded 1.1,failed sha256 1.1"
is "and nothing is left of it" "$(ls dir)" manifest

# ---- the disk ----

fresh
mkdir dir && printf '11' >dir/installed
fails "a mark that is none" 65 fw-fetch --device d1 --model thermo --hardware A --key key.pub --dir dir </dev/null
fails "no directory to be had" 73 fw-fetch --device d1 --model thermo --hardware A --key key.pub --dir no/such </dev/null
fresh
mkdir dir
exec 8<dir
flock 8
fails "one at a time" 75 fw-fetch --device d1 --model thermo --hardware A --key key.pub --dir dir </dev/null
exec 8<&-

# ---- the command ----

cat >install <<END
#!/bin/sh
echo "\$1 \$2" >>$work/ran
cmp -s "\$1" $work/images/thermo/\$2.bin || exit 9
exit \$(cat $work/status)
END
chmod +x install
fresh
echo 0 >status
cat new replies.new | fetch --run ./install >got
is "the command installs it" "$(outline got | grep -o 'verified.*')" "verified 1.1,updating 1.1,updated 1.1"
is "once" "$(fetch --run ./install <new | outline) $(wc -l <ran)" "updated 1.1,updated 1.1 1"
is "with its image and version" "$(cat ran)" "dir/1.1.bin 1.1"
is "which is kept" "$(cat dir/installed)" 11

fresh
echo 3 >status
: >ran
cat new replies.new | fetch --run ./install >got
is "a command that fails" "$(outline got | grep -o 'updating.*')" "updating 1.1,failed command: exit status 3 1.1"
is "is not run again by itself" "$(fetch --run ./install <new | outline) $(wc -l <ran)" \
	"failed command: failed before 1.1,failed command: failed before 1.1 1"
echo 0 >status
mkfifo in
"${device[@]}" --run ./install <in >got 2>said &
fetcher=$!
exec 7>in
wait_for 20 grep -q failed got
kill -HUP "$fetcher"
check "but by SIGHUP" wait_for 20 grep -q '"updated"' got
exec 7>&-
wait "$fetcher"
is "once more" "$(wc -l <ran)" 2

fresh
mkdir dir && echo 11 >dir/failed
sign minimum 1.1 11 --minimum 11
is "the minimum of a version that failed counts" "$(fetch --run ./install <minimum | outline) $(cat dir/floor)" \
	"failed command: failed before 1.1 11"

# Interrupted when it is run again, it has not failed.
fresh
cat >fragile <<END
#!/bin/sh
echo >>$work/ran
[ \$(cat $work/status) = 0 ] || { echo 0 >$work/status; exit 3; }
kill \$\$
END
chmod +x fragile
echo 3 >status
cat new replies.new | fetch --run ./fragile >got
"${device[@]}" --run ./fragile <in >got 2>said &
fetcher=$!
exec 7>in
wait_for 20 grep -q failed got
kill -HUP "$fetcher"
wait_for 20 grep -q 'signal 15' got
exec 7>&-
wait "$fetcher"
: >ran
fetch --run ./fragile </dev/null >got
is "a command that is interrupted when it is run again, is run once more" "$(wc -l <ran)" 1

# Once it is asked to stop, what comes in is kept, but nothing is installed.
fresh
: >ran
"${device[@]}" --run ./install <in >got 2>said &
fetcher=$!
exec 7>in
cat new >&7
head -n 3 replies.new >&7
wait_for 20 grep -qs 3 dir/have.part
kill -STOP "$fetcher"
tail -n 1 replies.new >&7
kill -TERM "$fetcher"
kill -CONT "$fetcher"
exec 7>&-
wait "$fetcher"
is "asked to stop, it does not start the command" "$? $(wc -l <ran) $(outline got | grep -o 'downloaded.*')" \
	"0 0 downloaded 1.1"
is "but the next one does" "$(fetch --run ./install </dev/null | outline)" \
	"downloaded 1.1,verified 1.1,updating 1.1,updated 1.1"

# Asked while it is about to verify: there its reader, who takes nothing, holds it up.
rm -rf dir
cat new replies.new | fetch >got
: >ran
mkfifo blocked
exec 6<>blocked
head -c 65536 /dev/zero >&6
"${device[@]}" --run ./install </dev/null >&6 2>said &
fetcher=$!
wait_for 20 grep -q 'bytes are there' said
kill -TERM "$fetcher"
cat blocked >drained 6>&- &
drain=$!
wait "$fetcher"
is "nor when it is asked while it verifies" "$? $(wc -l <ran)" "0 0"
exec 6>&-
wait "$drain"

# The service of the manual, stopped as systemd does it: every process gets SIGTERM, and it is over when the first
# one, the shell, has ended.
awk '/^ExecStart=/ { inside = 1 } /^LoadCredential=/ { inside = 0 } inside { gsub(/\\e/, "\\"); print }' \
	"$root/man/fw-fetch.1" | sed -e "s/^ExecStart=.bin.bash -c '//" -e "s/'\$//" -e 's|/usr/lib/firmware/install|./slow|' \
	-e 's|/etc/firmware.pub|key.pub|' -e "s|/var/lib/firmware|$work/dir|" >service
mkdir stubs
printf '#!/bin/sh\nexec sleep 60\n' >stubs/mqtt-sub5
printf '#!/bin/sh\ntrap "" TERM\nexec cat >%s/got\n' "$work" >stubs/mqtt-pub5
printf '#!/bin/sh\ntrap "" TERM\necho $$ >%s/started\nsleep 0.5\n' "$work" >slow
chmod +x stubs/* slow
DEVICE=d1 MODEL=thermo PATH=$work/stubs:$PATH setsid bash -c "$(cat service)" 2>said &
service=$!
wait_for 20 test -s started
kill -TERM -- -$service
wait $service
is "the service of the manual ends when its command has, and that is recorded" \
	"$(cat dir/installed) $(outline got | grep -o 'updating.*')" "11 updating 1.1,updated 1.1"

printf '#!/bin/sh\nsleep 60\n' >install
rm -rf dir
SECONDS=0
cat new replies.new | fetch --run ./install --run-timeout 1 >got
is "a command that does not end is killed" "$(outline got | grep -o 'updating.*')" \
	"updating 1.1,failed command: killed, over its time 1.1"
check "in time" test $SECONDS -lt 30

# fw-fetch is killed while its command runs, which goes on.
cat >install <<END
#!/bin/sh
echo \$\$ >>$work/pids
read go <$work/go
END
mkfifo go
rm -rf dir
cat new replies.new | "${device[@]}" --run ./install >got 2>said &
wait_for 20 test -s pids
fetcher=$(ps -o ppid= -p "$(cat pids)")
kill -KILL $fetcher
wait 2>/dev/null
fails "until the command has ended the directory is in use" 75 timeout 20 "${device[@]}" --run ./install <new
timeout 20 sh -c 'echo >go'
check "then it is not" wait_for 20 flock -n dir true
"${device[@]}" --run ./install <new >got 2>said &
wait_for 20 eval '[ "$(wc -l <pids)" = 2 ]'
timeout 20 sh -c 'echo >go'
wait $!
is "and the command is run once more" "$(outline got)" "downloaded 1.1,verified 1.1,updating 1.1,updated 1.1"

# ---- options ----

run=(fw-fetch --device d1 --model thermo --hardware A --key key.pub --dir dir)
fails "an option is missing" 64 fw-fetch --device d1 --model thermo --hardware A --key key.pub
fails "a name that is none" 64 "${run[@]}" --device ../d1
fails "a model that is reserved" 64 "${run[@]}" --model rx
fails "a command without a path" 64 "${run[@]}" --run true
fails "a command that cannot be executed" 78 "${run[@]}" --run ./no-such
fails "a command that is a folder" 78 "${run[@]}" --run ./images
fails "a key that is none" 78 "${run[@]}" --key images/thermo/1.1.bin
fails "a number out of its range" 64 "${run[@]}" --in-flight 5
fresh
check "metrics are written" "${run[@]}" --metrics prom <bad
like "with what was refused" "$(cat prom)" 'sensorpipe_fetch_manifests_total\{verdict="refused"\} [56]'
finish
