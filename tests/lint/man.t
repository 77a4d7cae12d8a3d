#!/bin/bash
# Every tool has a manual page; mandoc finds nothing to complain about; options of --help are in the page.
. "${0%/*}/../lib/tap.sh"
command -v mandoc >/dev/null || skip_all "mandoc is not installed"

cd "$root" || exit 1
for page in man/*.[1-9]; do
	# References to pages of other packages are not errors of ours.
	is "$page is clean" "$(mandoc -T lint "$page" 2>&1 | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db')" ""
done

for dir in cmd/*/main.c; do
	tool=${dir#cmd/}
	tool=${tool%/main.c}
	check "$tool has a page" test -e "man/$tool.1"
	# An option is a word of its own that starts with two dashes.
	"$tool" --help >"$work/help" 2>&1
	mandoc -T ascii "man/$tool.1" 2>/dev/null | col -b >"$work/page"
	grep -oE -e '(^|[ ,\[])--[a-z][a-z0-9-]*' "$work/help" | grep -oE -e '--[a-z0-9-]+' | sort -u >"$work/options"
	check "$tool --help names options" test -s "$work/options"
	missing=
	while read -r option; do
		grep -q -e "$option\b" "$work/page" || missing="$missing $option"
	done <"$work/options"
	is "every option of $tool --help is in its page" "$missing" ""
done
finish
