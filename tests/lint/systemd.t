#!/bin/bash
# The systemd units hold: systemd finds nothing wrong, each service is locked up, restarts stop where an operator is
# needed, and what they name is installed.
. "${0%/*}/../lib/tap.sh"
command -v systemd-analyze >/dev/null || skip_all "systemd-analyze is not installed"
readonly MOST=15 # tenths of exposure, from 0 (locked up) to 100

mkdir -p units prefix/share/sensorpipe
ln -s "$BIN" prefix/bin
for script in "$root"/pipelines/{capture,store,receive,firmware,chain.sh}; do ln -s "$script" prefix/share/sensorpipe; done
check "units are rendered" "$root/pipelines/systemd/render" "$work/prefix" units
is "nothing is left to replace" "$(grep -n '@[A-Z]*@' units/*)" ""
fails "a prefix that would end a word is refused" 64 "$root/pipelines/systemd/render" '/opt/a b' units
export SYSTEMD_UNIT_PATH=$work/units:

systemd-analyze verify --man=no units/* >verify.out 2>&1
is "verify succeeds" $? 0
is "and finds nothing in them" "$(grep -E 'sensorpipe|tsdb-|host-sensors' verify.out)" ""

for unit in units/*.service; do
	check "${unit##*/}: exposure of ${MOST:0:1}.${MOST:1} at most" \
		systemd-analyze security --no-pager --offline=true --threshold="$MOST" "$unit"
	check "${unit##*/}: is described in the manual" grep -qF "${unit##*/}" "$root/man/sensorpipe-units.7"
done
for unit in units/*; do
	for page in $(sed -n 's/^Documentation=//p' "$unit"); do
		page=${page#man:}
		name=${page%(*}
		section=${page#*(}
		check "${unit##*/}: $page is there" test -e "$root/man/$name.${section%)}"
	done
done
for unit in units/{sensorpipe-capture@,sensorpipe-store@,sensorpipe-firmware@,host-sensors@}.service; do
	check "${unit##*/}: what an operator has to mend is not tried again" grep -qx 'RestartPreventExitStatus=64 77 78' "$unit"
done

# A unit that is opened up is noticed.
grep -v '^SystemCallFilter=' units/sensorpipe-store@.service >open.service
check "the threshold tells" eval '! systemd-analyze security --no-pager --offline=true --threshold="$MOST" open.service'
sed 's|^ExecStart=.*|ExecStart=/nowhere|' units/sensorpipe-store@.service >units/broken@.service
systemd-analyze verify --man=no units/broken@.service >verify.out 2>&1
like "and so does verify" "$(cat verify.out)" '/nowhere is not executable'
finish
