#!/bin/bash
# The metrics of all workers by HTTP: the exact answer, what is left out, and that no client gets more than an answer.
. "${0%/*}/../lib/tap.sh"

# client MODE OPTION...: runs metrics-serve on one end of a socket, and sends standard input into the other; prints what
# comes back, and on standard error the status. Modes: plain; open (without a shutdown behind the request); slow (two
# bytes a second); deaf (reads nothing until the tool has ended).
cat >client <<'E2'
#!/usr/bin/perl
use strict;
use Socket;
my $mode = shift;
local $/;
my $request = <STDIN>;
$SIG{PIPE} = 'IGNORE';
socketpair(my $ours, my $theirs, AF_UNIX, SOCK_STREAM, 0) or die;
my $pid = fork;
if (!$pid) {
	$SIG{PIPE} = 'DEFAULT';
	open(STDIN, '<&', $theirs) and open(STDOUT, '>&', $theirs) or die;
	close $ours;
	exec 'metrics-serve', @ARGV;
}
close $theirs;
if ($mode eq 'slow') {
	for (split //, $request) { last unless syswrite $ours, $_; select undef, undef, undef, 0.5; last if ready($ours) }
} else {
	my $done = 0;
	while ($done < length $request) { $done += syswrite($ours, $request, 65536, $done) || last }
	shutdown $ours, 1 if $mode eq 'plain';
}
waitpid $pid, 0 if $mode eq 'deaf';
my $status = $?;
print STDOUT <$ours>;
close $ours;
if ($mode ne 'deaf') { waitpid $pid, 0; $status = $? }
print STDERR 'status ', $status & 127 || $status >> 8, "\n";
sub ready { vec(my $bits = '', fileno($_[0]), 1) = 1; select($bits, undef, undef, 0) }
E2
chmod +x client
# asked REQUEST [DIRECTORY]: the answer's first line to a request in the notation of printf.
asked() {
	# shellcheck disable=SC2059  # the request is a format
	printf "$1" | ./client plain "${2:-m}" 2>err | head -n 1 | tr -d '\r'
}
# answer: the answer in the file out, without carriage returns and what the clock makes different.
answer() { tr -d '\r' <out | sed -E 's/^Date: .{25} GMT$/Date/; s/(age_seconds\{.*\}) [0-9]+\.[0-9]{3}$/\1 AGE/'; }

mkdir -p m/w-1/capture m/w-1/store m/w_2
cat >m/w-1/capture/mqtt-sub5.prom <<-'E2'
	# HELP sensorpipe_mqtt_connected 1 while connected.
	# TYPE sensorpipe_mqtt_connected gauge
	sensorpipe_mqtt_connected 1
E2
cat >m/w-1/store/tsdb-copy.prom <<-'E2'
	# HELP sensorpipe_copy_received_total Lines of input.
	# TYPE sensorpipe_copy_received_total counter
	sensorpipe_copy_received_total{source="w-1"} 3
E2
sed 's/ 3/ 4/; s/w-1/w_2/' m/w-1/store/tsdb-copy.prom >m/w_2/tsdb-copy.prom
echo 'own{a="b,worker=",worker="mine"} 1' >m/w_2/own.prom
is "a worker of its own stays" "$(metrics-serve --print m 2>err | grep '^own')" 'own{a="b,worker=",worker="mine"} 1'
echo 'own{a="b,worker="} 1' >m/w_2/own.prom
is "what only looks so is none" "$(metrics-serve --print m 2>err | grep '^own')" 'own{worker="w_2",a="b,worker="} 1'
rm m/w_2/own.prom
cat >expected.text <<-'E2'
	# HELP sensorpipe_mqtt_connected 1 while connected.
	# TYPE sensorpipe_mqtt_connected gauge
	sensorpipe_mqtt_connected{worker="w-1"} 1
	# HELP sensorpipe_copy_received_total Lines of input.
	# TYPE sensorpipe_copy_received_total counter
	sensorpipe_copy_received_total{worker="w-1",source="w-1"} 3
	sensorpipe_copy_received_total{worker="w_2",source="w_2"} 4
	# HELP sensorpipe_metrics_files Metrics files served here.
	# TYPE sensorpipe_metrics_files gauge
	sensorpipe_metrics_files 3
	# HELP sensorpipe_metrics_file_age_seconds Time since a tool wrote its metrics file.
	# TYPE sensorpipe_metrics_file_age_seconds gauge
	sensorpipe_metrics_file_age_seconds{worker="w-1",file="capture/mqtt-sub5.prom"} AGE
	sensorpipe_metrics_file_age_seconds{worker="w-1",file="store/tsdb-copy.prom"} AGE
	sensorpipe_metrics_file_age_seconds{worker="w_2",file="tsdb-copy.prom"} AGE
	# HELP sensorpipe_metrics_file_taken 1 where the file's metrics are served, 0 where it is faulty.
	# TYPE sensorpipe_metrics_file_taken gauge
	sensorpipe_metrics_file_taken{worker="w-1",file="capture/mqtt-sub5.prom"} 1
	sensorpipe_metrics_file_taken{worker="w-1",file="store/tsdb-copy.prom"} 1
	sensorpipe_metrics_file_taken{worker="w_2",file="tsdb-copy.prom"} 1
E2
get='GET /metrics HTTP/1.1\r\nHost: localhost:9108\r\nAccept: */*\r\n\r\n'

# shellcheck disable=SC2059
printf "$get" | ./client open m >out 2>err
is "the whole answer" "$(answer)" "HTTP/1.1 200 OK
Date
Content-Type: text/plain; version=0.0.4; charset=utf-8
Content-Length: $(sed '1,/^\r$/d' out | wc -c)
Cache-Control: no-store
Connection: close

$(cat expected.text)"
is "with a summary" "$(cat err)" "metrics-serve: answered 200 with 3 files, left out 0, bytes $(wc -c <out)
status 0"
printf 'HEAD /metrics HTTP/1.0\r\n\r\n' | ./client plain m >head 2>err
is "HEAD: the same without the content" "$(sed 's/^Date.*//' head)" "$(sed '/^\r$/q; s/^Date.*//' out)"
check "--print: only the metrics" eval 'metrics-serve --print --quiet m >out && [ "$(answer)" = "$(cat expected.text)" ]'
check "--quiet: no summary" test ! -s err
touch -d '1 hour ago' m/w_2/tsdb-copy.prom
like "the age of a file tells that its tool is dead" "$(metrics-serve --print m 2>err)" \
	'file_age_seconds\{worker="w_2",file="tsdb-copy.prom"\} 36[0-9]{2}\.'

# ---- what is asked ----
is "a query is ignored" "$(asked 'GET /metrics?x=/../ HTTP/1.0\r\n\r\n')" "HTTP/1.1 200 OK"
for path in / /metrics/ /metricsx //metrics /metrics/../metrics /../../etc/passwd /%%6detrics '/metrics%%00' /m/w_2/tsdb-copy.prom; do
	is "$path is not found" "$(asked "GET $path HTTP/1.0\r\n\r\n")" "HTTP/1.1 404 Not Found"
done
is "another method" "$(asked 'DELETE /metrics HTTP/1.0\r\n\r\n')" "HTTP/1.1 405 Method Not Allowed"
is "another version" "$(asked 'GET /metrics HTTP/3.0\r\n\r\n')" "HTTP/1.1 505 HTTP Version Not Supported"
is "a bare line feed is answered at once" "$(asked 'GET /metrics HTTP/1.0\n\n')" "HTTP/1.1 400 Bad Request"
is "a head without its end" "$(asked 'GET /metrics HTTP/1.0\r\n')" "HTTP/1.1 400 Bad Request"
is "no line end at all" "$(asked 'GET')" "HTTP/1.1 400 Bad Request"
is "a NUL" "$(asked 'GET /metrics\000 HTTP/1.0\r\n\r\n')" "HTTP/1.1 400 Bad Request"
is "bytes of all kinds" "$(head -c 4096 /dev/zero | tr '\0' '\377' | ./client plain m 2>err | head -n 1 | tr -d '\r')" \
	"HTTP/1.1 400 Bad Request"
is "nothing" "$(asked '')" ""
like "that is no failure" "$(cat err)" '^status 0$'

# ---- too much, too slow ----
head -c 1000000 /dev/zero | tr '\0' a >much
is "1 MB without a line end" "$(./client plain m <much 2>err | head -n 1 | tr -d '\r')" \
	"HTTP/1.1 431 Request Header Fields Too Large"
# shellcheck disable=SC2059
{ printf "$get"; cat much; } | ./client plain m >out 2>err
is "1 MB behind a request: the answer arrives whole" "$(answer | sed '1,/^$/d')" "$(cat expected.text)"
is "a client that says nothing" "$(./client open --timeout 0.3 m </dev/null 2>err | head -n 1 | tr -d '\r')" \
	"HTTP/1.1 408 Request Timeout"
is "a client that is slow" "$(printf 'GET /metrics HTTP/1.0\r\n\r\n' | ./client slow --timeout 1.2 m 2>err | head -n 1 | tr -d '\r')" \
	"HTTP/1.1 408 Request Timeout"
for ((i = 0; i < 20; i++)); do
	{
		echo '# HELP wide A line of 1 KB each.'
		head -c 900 /dev/zero | tr '\0' x | sed 's/.*/wide{x="&"} 1/' | awk '{ for (i = 0; i < 300; i++) print }'
	} >"m/w_2/wide$i.prom"
done
# shellcheck disable=SC2059
printf "$get" | ./client deaf --timeout 0.5 m >out 2>err
like "a client that takes nothing is left" "$(cat err)" 'the client did not take it$'
like "without a failure" "$(cat err)" '^status 0$'
rm m/w_2/wide*

# ---- files ----
mkdir m/.hidden 'm/w 3' m/w-1/store/deep
echo 'hidden 1' >m/.hidden/a.prom
echo 'blank 1' >'m/w 3/a.prom'
echo 'deep 1' >m/w-1/store/deep/a.prom
echo 'other 1' >m/w_2/a.txt
echo 'half 1' >m/w_2/tsdb-copy.prom.77.tmp
printf 'sensorpipe_x 1\nno number\n' >m/w_2/faulty.prom
ln -s "$work/m/w_2/tsdb-copy.prom" m/w_2/link.prom
ln -s "$work/m/w_2" m/w_4
mkfifo m/w_2/pipe.prom
awk 'BEGIN { for (i = 0; i < 70000; i++) print "sensorpipe_big 1" }' >m/w_2/big.prom
check "the rest is served" eval 'metrics-serve --print m >out'
is "as before" "$(grep -E '^sensorpipe_(copy|mqtt|x|big)|^(hidden|blank|deep|other|half)|_files ' out)" \
	"$(grep -E '^sensorpipe_(copy|mqtt)|_files ' expected.text)"
is "what is left out is told" "$(sort err)" "metrics-serve: 'w 3': not a name; passed over
metrics-serve: files 3, left out 4
metrics-serve: w_2/big.prom: left out: File too large
metrics-serve: w_2/faulty.prom: left out: not in the Prometheus text format
metrics-serve: w_2/link.prom: left out: Too many levels of symbolic links
metrics-serve: w_2/pipe.prom: left out: not a file"
is "and is a metric" "$(grep -c 'file_taken{.*} 0$' out)" 3

# ---- the directory ----
is "no directory: no files" "$(metrics-serve --print --quiet nowhere | grep -v '^#')" "sensorpipe_metrics_files 0"
fails "a file instead of one" 74 metrics-serve --print much
is "is the server's fault" "$(asked "$get" much)" "HTTP/1.1 500 Internal Server Error"
like "and its status" "$(cat err)" '^status 74$'
fails "no directory named" 64 metrics-serve
fails "two of them" 64 metrics-serve m m
fails "a time of nothing" 64 metrics-serve --timeout 0 m

# ---- the examples of the page ----
mkdir examples
cd examples || exit 1
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$root/man/metrics-serve.1" |
	sed -n '/^\.Bd/,/^\.Ed/{/^\./d;p}; s/^\.Dl //p' | sed 's/\\e/\\/g' >script
is "there are examples" "$(wc -l <script)" 4
check "they run" bash -e script
like "and show the metrics" "$(tail -n 2 "$work/out")" 'sensorpipe_metrics_file_taken\{worker="worker-1",file="sensor-decode.prom"\} 1'
finish
