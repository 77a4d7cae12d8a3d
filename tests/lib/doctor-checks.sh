# Sourced by the tests of tsdb-admin doctor.
#
#   finds LEVEL NAME ERE   the doctor finds this; how to mend it is in $mend then
#   mends NAME [ROLE]      it is done as it says, by the one who may, and is found no more (by that role)

finds() {
	tsdb-admin --quiet doctor --json >found.json 2>err
	found_status=$?
	mend=$(jq -r --arg name "$2" '[.[] | select(.name == $name and .mend != null)][0].mend' found.json)
	like "doctor finds $1 $2: $3" "$(jq -r '.[] | .level + " " + .name + ": " + .found' found.json; cat err)" "^$1 $2: .*$3"
	is "with the exit status of that" $found_status "$(jq 'if any(.level == "problem") then 78 else 0 end' found.json)"
}

mends() {
	case $mend in
	tsdb-admin*) check "mended by: $mend" sh -c "$mend" ;;
	*) check "mended by: $mend" psql -Xq -v ON_ERROR_STOP=1 <<<"$mend" ;;
	esac
	is "then nothing is found of it" "$(PGUSER=${2:-$PGUSER} tsdb-admin --quiet doctor --json |
		jq -c --arg name "$1" '.[] | select(.name == $name and (.level == "warning" or .level == "problem"))')" ""
}
