# Sourced by tests that run systemd's units without systemd: what a unit's lines say is done as systemd.exec(5) tells,
# as far as sensorpipe's units need it.
#
#   units_begin                renders the units to $work/units; specifiers and /etc lead below $work
#   prepare UNIT INSTANCE      directories, credentials and the environment of one; sets $state, where its files are:
#                              notify (what it told, a line each), err
#   unit_run KEY [COMMAND...]  runs the command of KEY (ExecStart, ...) of the unit prepared last in place of this
#                              shell, so in the background or a subshell; by COMMAND, if there is one
#   notified TEXT              the unit prepared last has told the service manager TEXT
#   units_end                  ends the listeners

# Listens where NOTIFY_SOCKET leads, and writes down what comes.
notify_listener='
	use IO::Socket::UNIX;
	my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die "$ARGV[0]: $!";
	open(my $log, ">>", $ARGV[1]) or die;
	$log->autoflush;
	print $log "$_\n" while defined $socket->recv($_, 4096);
'
listeners=()

units_begin() {
	mkdir -p units etc/sensorpipe etc/credstore run state prefix/bin prefix/share/sensorpipe
	ln -s "$BIN"/* "$root/pipelines/host-sensors" prefix/bin
	ln -s "$root"/pipelines/{capture,store,receive,firmware,chain.sh} prefix/share/sensorpipe
	"$root/pipelines/systemd/render" "$work/prefix" units
}

units_end() {
	local pid
	for pid in "${listeners[@]}"; do kill "$pid"; done
}

# setting KEY: its values in the unit, a line each.
setting() { sed -n "s|^$1=||p" "$state/unit"; }

prepare() {
	local each id name
	unit=${1/@./@$2.}
	state=$work/state/$unit
	mkdir -p "$state/credentials"
	sed -e "s|%i|$2|g; s|%S|$work/var|g; s|%t|$work/run|g; s|/etc/|$work/etc/|g" "units/$1" >"$state/unit"
	for each in $(setting RuntimeDirectory); do mkdir -p "run/$each"; done
	for each in $(setting StateDirectory); do mkdir -p "var/$each"; done
	# A name without a directory is looked for, and may be missing. An access list makes the mode look so.
	for each in $(setting LoadCredential); do
		id=${each%%:*} name=${each#*:}
		if [ -e "etc/credstore/$name" ]; then install -m 440 "etc/credstore/$name" "$state/credentials/$id"; fi
	done
	environment=(CREDENTIALS_DIRECTORY="$state/credentials" NOTIFY_SOCKET="$state/socket" WATCHDOG_USEC=400000)
	environment+=(ASAN_OPTIONS="$ASAN_OPTIONS" UBSAN_OPTIONS="$UBSAN_OPTIONS" LC_ALL=C.UTF-8)
	for each in $(setting Environment); do environment+=("$each"); done
	for each in $(setting EnvironmentFile); do
		while IFS= read -r name; do environment+=("$name"); done < <(grep -v '^#' "$each" | grep .)
	done
	if [ ! -e "$state/socket" ]; then
		perl -e "$notify_listener" "$state/socket" "$state/notify" &
		listeners+=($!)
		wait_for 20 test -S "$state/socket"
	fi
}

# $NAME is split at blanks, ${NAME} is one word, and no word is a pattern.
unit_run() {
	local command
	command=$(setting "$1" | sed -E 's/^\+//; s/\$\{[A-Za-z_]+\}/"&"/g')
	shift
	exec env -i "${environment[@]}" "$@" bash -fc "exec $command"
}

notified() { grep -qx "$1" "$state/notify"; }
