#!/bin/bash
# The version is that of the Makefile wherever one is told, and the changelog has an entry for it and for every tool.
. "${0%/*}/../lib/tap.sh"

cd "$root" || exit 1
version=$(sed -n 's/^VERSION = //p' Makefile)
like "the Makefile has a version" "$version" '^[0-9]+\.[0-9]+\.[0-9]+$'
for main in cmd/*/main.c; do
	tool=${main%/main.c} tool=${tool##*/}
	is "$tool -V" "$("$tool" -V)" "$tool $version"
	check "the changelog tells of $tool" grep -q "^- .*\`$tool\`" CHANGELOG.md
done

# Keep a Changelog: a section a version, newest first, each with a day or not yet released, of known parts.
sections=$(grep '^## ' CHANGELOG.md)
like "the changelog begins with this version" "$(head -n 1 <<<"$sections")" \
	"^## \[${version//./\\.}\] - (Unreleased|[0-9]{4}-[0-9]{2}-[0-9]{2})$"
is "every version has its day" "$(sed 1d <<<"$sections" | grep -vE '^## \[[0-9.]+\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$')" ""
is "newer ones come first" "$(grep -oE '\[[0-9.]+\]' <<<"$sections" | sort -Vr | tr '\n' ' ')" \
	"$(grep -oE '\[[0-9.]+\]' <<<"$sections" | tr '\n' ' ')"
is "parts are those of Keep a Changelog" \
	"$(grep '^### ' CHANGELOG.md | grep -vxE '### (Added|Changed|Deprecated|Removed|Fixed|Security)')" ""

# Pages get it when they are installed.
is "no page has a version of its own" "$(grep -Lx '\.Os' man/*.[1-9])" ""
is "no code has one" "$(grep -nF "\"$version\"" -r lib cmd)" ""
finish
