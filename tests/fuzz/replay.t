#!/bin/bash
# Every fuzz target over its committed corpus: what was found once stays fixed.
. "${0%/*}/../lib/tap.sh"

for target in "$root"/build/fuzz/tests/fuzz/fuzz_* "$root"/build/fuzz/tests/fuzz/*/fuzz_*; do
	[ -f "$target" ] && [ -x "$target" ] || continue
	name=${target##*/}
	corpus=$root/tests/fuzz/corpus/$name
	check "$name has a corpus" test -n "$(ls "$corpus" 2>/dev/null)"
	check "$name replays its corpus" "$target" -runs=0 -timeout=20 "$corpus"
done
finish
