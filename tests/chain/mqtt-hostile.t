#!/bin/bash
# A broker that answers as it is told to, in bytes: refusals by every kind of reason code, the end of a
# connection with its reason, and packets that are none.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
broker=
cleanup() {
	if [ -n "$broker" ]; then
		kill "$broker"
		wait "$broker" 2>/dev/null
	fi
}

# The script is a list of hexadecimal answers, sent one for each packet that arrives. With the last
# one sent the connection is held until the client ends it.
cat >broker.pl <<'END'
use strict; use warnings; use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 8) or die $!;
open(my $port, '>', 'port.new') or die $!; print $port $server->sockport; close $port;
rename 'port.new', 'port';
while (my $client = $server->accept) {
	for my $answer (@ARGV) {
		sysread($client, my $packet, 65536) or last;
		syswrite($client, pack('H*', $answer));
	}
	while (sysread($client, my $rest, 65536)) { }
	close $client;
}
END

# answers HEX...: starts such a broker; sets port.
answers() {
	[ -z "$broker" ] || { kill "$broker"; wait "$broker" 2>/dev/null; }
	rm -f port
	perl broker.pl "$@" &
	broker=$!
	wait_for 10 test -e port
	port=$(cat port)
}
subscribe() {
	mqtt-sub5 -h 127.0.0.1 -p "$port" -i tester -t 'a/#' -W 10 "$@"
}
printf 'm1\t0\t2026-01-31T12:00:00.000000Z\ta/b\tq1\t\t\tx\n' >record

connack=2003000000
suback=900400010001

# CONNACK with a reason code.
for refusal in '84 69 unsupported protocol version' '85 69 client identifier not valid' '86 77 bad user name or password' \
	'8a 77 banned' '8c 77 bad authentication method' '9c 69 use another server' '9d 69 server moved'; do
	read -r code status words <<<"$refusal"
	answers "200300${code}00"
	fails "connection refused, 0x$code" "$status" subscribe
	like "is told as: $words" "$(cat err)" "refuses the connection of client 'tester': $words.* \(0x$code\)"
done
answers 20020001
fails "a broker of MQTT 3.1.1 only" 69 subscribe
for refusal in '88 server unavailable' '89 server busy' '97 quota exceeded' '9f connection rate exceeded'; do
	read -r code words <<<"$refusal"
	answers "200300${code}00"
	mqtt-sub5 -h 127.0.0.1 -p "$port" -i tester -t a -W 0.5 2>err
	like "0x$code is tried again" "$(cat err)" "$words \(0x$code\); trying again"
done
fails "unless --no-retry" 69 subscribe --no-retry

# SUBACK with a reason code.
for refusal in '87 77 not authorized' '8f 69 topic filter invalid' '97 69 quota exceeded' '9e 69 shared subscriptions not supported' \
	'a2 69 wildcard subscriptions not supported'; do
	read -r code status words <<<"$refusal"
	answers $connack "9004000100$code"
	fails "subscription refused, 0x$code" "$status" subscribe
	like "is told as: $words" "$(cat err)" "refuses the subscription to 'a/#': $words \(0x$code\)"
done
answers $connack 900400010000
check "a lower QoS is granted" subscribe -q 2 -E
like "and told" "$(cat err)" "grants 'a/#' only QoS 0"

# DISCONNECT with a reason code, right after SUBACK.
answers $connack "${suback}e0028e00"
fails "session taken over" 69 subscribe
like "says what to do" "$(cat err)" 'session taken over \(0x8e\); another client uses this id'
answers $connack "${suback}e0028700"
fails "not authorized any more" 77 subscribe
for end in '8b server shutting down' '98 administrative action' '8d keep alive timeout'; do
	read -r code words <<<"$end"
	answers $connack "${suback}e002${code}00"
	mqtt-sub5 -h 127.0.0.1 -p "$port" -i tester -t a -W 1 2>err
	like "0x$code is followed by another attempt" "$(cat err)" "ended the connection of client 'tester': $words \(0x$code\); trying again"
done

# A publication whose answer is a failure, and one whose answer ends the connection for good.
answers $connack 400400019700
check "quota exceeded for a message" mqtt-pub5 -h 127.0.0.1 -p "$port" --reject letters <record
is "makes a dead letter" "$(cut -f4,5 letters)" $'refused\tline 1: quota exceeded (0x97)'
rm letters
answers $connack e0029900
fails "a message the broker ends the connection for" 69 mqtt-pub5 -h 127.0.0.1 -p "$port" --reject letters <record
is "is a dead letter, too" "$(cut -f4,6- letters)" $'unacknowledged\t'"$(cat record)"

# Bytes that are no MQTT: the connection is given up and tried again, whatever they are.
for bytes in 00 ffffffffffff 20ffffffff7f 2000 20030000ff 3003 30ffffff 485454502f312e31; do
	answers $bytes
	mqtt-sub5 -h 127.0.0.1 -p "$port" -i tester -t a -W 0.4 >out 2>err
	is "answer $bytes to CONNECT" "$? $(cat out)" '0 '
done
for bytes in 3002ffff 320500016100 3206000161 30050001610b01 9000 f000; do
	answers $connack "$suback$bytes"
	mqtt-sub5 -h 127.0.0.1 -p "$port" -i tester -t a -W 0.4 >out 2>err
	is "packet $bytes after SUBACK" "$?" 0
done
finish
