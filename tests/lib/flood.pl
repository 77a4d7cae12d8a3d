# Hostile input without end: perl tests/lib/flood.pl KIND; the reader says when it is enough.
use strict;
use warnings;
use POSIX qw(strftime);

my $now = strftime('%Y-%m-%dT%H:%M:%S.000000Z', gmtime);

# A message record, and a reading record.
sub message {
	my ($topic, $type, $payload, $properties) = @_;
	return join("\t", 'm1', 0, $now, $topic, 'q1', $type, $properties // '', $payload) . "\n";
}
sub reading { return join("\t", 'r1', 0, $now, $now, 'climate', @_) . "\n" }

# Protocol Buffers, and bytes as they stand in a record.
sub varint {
	my ($n, $bytes) = (shift, '');
	for (; $n > 127; $n >>= 7) { $bytes .= chr($n & 127 | 128) }
	return $bytes . chr($n);
}
sub field { return varint($_[0] << 3 | 2) . varint(length $_[1]) . $_[1] }
sub number { return varint($_[0] << 3) . varint($_[1]) }
sub escaped { return join '', map { sprintf '\\x%02x', ord } split //, $_[0] }

# The birth of a Sparkplug node with a hundred metrics of long names that no other has.
sub birth {
	my $n     = shift;
	my $bytes = number(1, time * 1000) . number(3, 0);
	for my $metric (1 .. 100) {
		$bytes .= field(2, field(1, "metric-$n-$metric-" . 'x' x 100) . number(2, $metric) . number(4, 4) . number(11, 1));
	}
	return message("spBv1.0/g/NBIRTH/n$n", '', escaped($bytes));
}

my $deep = '[' x 1000000;
my $long = 'x' x 60000;
my %kind = (
	# No record at all, and records that do not end.
	'line'        => sub { 'x' x 65536 },
	'lines'       => sub { "no record, and there are many of it\n" },
	'message'     => sub { $_[0] == 0 ? "m1\t1\t$now\tsensors/climate/a\tq1\tapplication/json\t\t{\"a\":\"" : $long },
	'reading'     => sub { $_[0] == 0 ? "r1\t1\t$now\t$now\tclimate\ta\t1" : "\tm$_[0]=1" },
	'mosquitto'   => sub { $_[0] == 0 ? '{"topic":"a","payload":"' : $long },
	'mosquittos'  => sub { '{"tst":"2026-01-01T00:00:00.000000Z+0000","topic":"sensors/a/s' . $_[0] . '","qos":1,"retain":0,"properties":{"content-type":"application/json"},"payloadlen":9,"payload":"{\"m\":1e9}"}' . "\n" },
	# Names that never come again.
	'senders'     => sub { message("sensors/type$_[0]/sensor$_[0]", 'application/json', "{\"metric$_[0]\":1}") },
	'metrics'     => sub { message("sensors/climate/a", 'application/json', '{' . join(',', map { "\"m$_[0]-$_\":1" } 1 .. 1000) . '}') },
	'births'      => sub { birth($_[0]) },
	'sensors'     => sub { reading("sensor-$_[0]-that-comes-once", 1, 'temperature=20.5', 'humidity=50') },
	'types'       => sub { join("\t", 'r1', 0, $now, $now, "type$_[0]", 'a', $_[0], "metric$_[0]=$_[0]") . "\n" },
	'devices'     => sub {
		message("fw/get/device$_[0]", 'application/json', '{"model":"m","version":"1","offset":0,"length":4096}',
			"mqtt.response-topic=fw/rx/device$_[0]&mqtt.correlation-data=1&mqtt.message-expiry-interval=60")
	},
	# Payloads as heavy as they may be.
	'deep'        => sub { message('sensors/climate/a', 'application/json', $deep) },
	'values'      => sub { $deep . "\n" },
	'row'         => sub { $_[0] == 0 ? "timestamp,value\n" : '2026-01-01 00:00:00,' . '1' x 1000 },
);
if (@ARGV != 1 || !$kind{ $ARGV[0] }) {
	print STDERR "usage: perl flood.pl KIND, one of: @{[sort keys %kind]}\n";
	exit 64;
}
my $make = $kind{ $ARGV[0] };
for (my $n = 0 ;; $n++) {
	print $make->($n) or last;
}
