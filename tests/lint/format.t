#!/bin/bash
# The C sources are as clang-format writes them.
. "${0%/*}/../lib/tap.sh"
command -v clang-format >/dev/null || skip_all "clang-format is not installed"

cd "$root" || exit 1
mapfile -t files < <(git ls-files -co --exclude-standard '*.c' '*.h')
for file in "${files[@]}"; do
	[ -e "$file" ] || continue
	clang-format "$file" | cmp -s - "$file" || echo "$file"
done >"$work/unformatted"
is "every C file is formatted" "$(cat "$work/unformatted")" ""
finish
