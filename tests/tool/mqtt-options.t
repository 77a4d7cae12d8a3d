#!/bin/bash
# The command lines of mqtt-sub5 and mqtt-pub5: what is wrong is said before anything is connected.
. "${0%/*}/../lib/tap.sh"

for tool in mqtt-sub5 mqtt-pub5; do
	sound=
	if [ $tool = mqtt-sub5 ]; then sound='-t x'; fi
	is "$tool -V" "$($tool -V)" "$tool 0.1.0"
	check "$tool --help" $tool --help
	check "is not too long" test "$(wc -l <out)" -le 42
	fails "an option that is none" 64 $tool --no-such-option
	fails "an option without its value" 64 $tool -h
	fails "an argument that is no option" 64 $tool $sound sensors
	for wrong in '-p 0' '-p 65536' '-p x' '-k 65536' '-q 3' '-i' '--tls-min 1.1' '--key key.pem' '-h a/b' '-L http://host' \
		'-L mqtt://' '-L mqtt://[::1' '-L mqtt://host:x'; do
		fails "$tool $wrong" 64 $tool $sound $wrong
	done
	fails "$tool: an empty client id" 64 $tool $sound -i ''
	fails "$tool: a password in the URL" 64 $tool $sound -L mqtt://anna:sesame@host
	like "shows the way out" "$(cat err)" '[-]-password-file'
	is "is in no message" "$(grep sesame out err)" ""
	: >empty
	fails "$tool: an empty password file" 66 $tool $sound --password-file empty
	fails "$tool: a certificate that is none" 78 $tool $sound --cert empty
done

for wrong in '' '-t a#' '-t a/#/b' '-t +a' '-t x --share a/b' '-t x --share #' '-t x -c' '-t x -c -i a -x 0' '-t x -x 2147483648' \
	'-t x --receive-maximum 0' '-t x --max-packet 1' '-t x -C 0' '-t x -W 0' '-L mqtt://host/a#'; do
	fails "mqtt-sub5 $wrong" 64 mqtt-sub5 $wrong
done
for option in '--sync none' '--segment-size 1M' '--max-spool 1G' '--keep 1' --tee; do
	fails "mqtt-sub5 $option without --spool" 64 mqtt-sub5 -t x $option
	like "is told" "$(cat err)" "${option%% *} has no meaning without --spool"
done
for wrong in '--sync' '--sync 0' '--sync never' '--sync -1' '--segment-size 1K' '--segment-size 2T' '--max-spool 1K' '--keep -1' \
	'--json' '--max-packet 17M' '--max-spool 100M' '--segment-size 11G' '--segment-size 4K --max-packet 1K --max-spool 14K'; do
	fails "mqtt-sub5 --spool DIR $wrong" 64 mqtt-sub5 -t x --spool nowhere $wrong
done
fails "mqtt-sub5: a spool without a name" 64 mqtt-sub5 -t x --spool ''
check "none of them made the spool" test ! -e nowhere
for wrong in '--rate 0' '--rate 1 --speed 1' '--speed -1' '--window 0' '--window 65536' '--topic-prefix a/#' \
	'-L mqtt://host/topic' '--max-line 0'; do
	fails "mqtt-pub5 $wrong" 64 mqtt-pub5 $wrong
done
fails "mqtt-pub5: a dead letter file that cannot be made" 73 mqtt-pub5 --reject no/such/place
finish
