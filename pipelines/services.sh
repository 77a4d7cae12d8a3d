# Sourced by bash scripts that need a broker and a database of their own: the demo and the tests.
#
#   services_begin DIR         DIR (made if missing) holds everything that is started
#   start_postgres [SETTING...]  a PostgreSQL cluster on a unix socket in DIR; settings as name=value;
#                              exports PGHOST PGPORT PGUSER PGDATABASE
#   stop_postgres [MODE]       MODE as of pg_ctl: fast (default), smart, immediate; start_postgres starts it again
#   start_broker [FILE]        mosquitto on 127.0.0.1; FILE holds further lines of configuration
#                              (with a `listener` in it, it replaces the plain one); sets MQTT_PORT, BROKER_PID
#   stop_broker [SIGNAL]
#   services_end               stops both; to be called by an EXIT trap
#
# Nothing outside DIR is touched; ports are taken where they are free. PostgreSQL refuses to run as
# root, so for root it runs as the user of $SERVICES_USER (postgres, else nobody).

services_begin() {
	services_dir=$1
	BROKER_PID=
	mkdir -p "$services_dir"
	chmod 755 "$services_dir"
}

# services_pg PROGRAM ARG...: a program of the PostgreSQL server, not as root.
services_pg() {
	local program=$1 bindir user=${SERVICES_USER:-}
	shift
	bindir=$(pg_config --bindir 2>/dev/null || true)
	if [ ! -x "$bindir/$program" ]; then
		bindir=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
		bindir=${bindir%/initdb}
	fi
	if [ "$(id -u)" != 0 ]; then
		(cd "$services_dir" && "$bindir/$program" "$@")
		return
	fi
	if [ -z "$user" ]; then
		if id postgres >/dev/null 2>&1; then user=postgres; else user=nobody; fi
	fi
	(cd "$services_dir" && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$bindir/$program" "$@")
}

start_postgres() {
	local data=$services_dir/pg/data setting
	export PGHOST=$services_dir/pg PGPORT=5432 PGUSER=sensorpipe PGDATABASE=sensorpipe
	if [ ! -d "$data" ]; then
		mkdir -p "$services_dir/pg"
		if [ "$(id -u)" = 0 ]; then
			chown "${SERVICES_USER:-$(id -un postgres 2>/dev/null || echo nobody)}" "$services_dir/pg"
		fi
		services_pg initdb -D "$data" -U "$PGUSER" -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
			>"$services_dir/initdb.log" 2>&1 ||
			{ cat "$services_dir/initdb.log" >&2; return 1; }
		{
			echo "listen_addresses = ''"
			echo "unix_socket_directories = '$PGHOST'"
			for setting in "$@"; do echo "${setting%%=*} = '${setting#*=}'"; done
		} >>"$data/postgresql.conf"
	fi
	services_pg pg_ctl -D "$data" -s -w -l "$services_dir/pg/log" start ||
		{ tail -n 20 "$services_dir/pg/log" >&2; return 1; }
	psql -qAtX -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$PGDATABASE'" | grep -q 1 ||
		createdb "$PGDATABASE"
}

stop_postgres() {
	services_pg pg_ctl -D "$services_dir/pg/data" -s -w -m "${1:-fast}" stop
}

# services_free_port: a TCP port of 127.0.0.1 that nothing listens on.
services_free_port() {
	local port
	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# Starts mosquitto and waits until it listens; another process may take the port first, so it tries again.
start_broker() {
	local extra=${1:-} conf=$services_dir/mosquitto.conf try i mosquitto
	mosquitto=$(PATH=$PATH:/usr/sbin command -v mosquitto)
	for try in 1 2 3 4 5; do
		if [ $try -gt 1 ] || [ -z "${MQTT_PORT:-}" ]; then MQTT_PORT=$(services_free_port); fi
		{
			# mosquitto gives up root for a user who may not write here: it keeps who it is.
			[ "$(id -u)" != 0 ] || echo "user root"
			if [ -z "$extra" ] || ! grep -q '^listener' "$extra"; then
				echo "listener $MQTT_PORT 127.0.0.1"
			fi
			if [ -n "$extra" ]; then sed "s/@PORT@/$MQTT_PORT/g" "$extra"; else
				echo "allow_anonymous true"
				echo "max_inflight_messages 1024"
				echo "max_queued_messages 1000000"
				echo "set_tcp_nodelay true"
			fi
		} >"$conf"
		"$mosquitto" -c "$conf" >>"$services_dir/mosquitto.log" 2>&1 &
		BROKER_PID=$!
		for i in $(seq 200); do
			kill -0 "$BROKER_PID" 2>/dev/null || break
			if (exec 3<>"/dev/tcp/127.0.0.1/$MQTT_PORT") 2>/dev/null; then
				sleep 0.05
				kill -0 "$BROKER_PID" 2>/dev/null && return 0
				break
			fi
			sleep 0.05
		done
		stop_broker
	done
	tail -n 20 "$services_dir/mosquitto.log" >&2
	return 1
}

stop_broker() {
	if [ -n "${BROKER_PID:-}" ]; then
		kill "-${1:-TERM}" "$BROKER_PID" 2>/dev/null || true
		wait "$BROKER_PID" 2>/dev/null || true
		BROKER_PID=
	fi
}

services_end() {
	stop_broker
	if [ -e "${services_dir:-}/pg/data/postmaster.pid" ]; then stop_postgres immediate; fi
}
