#!/bin/bash
# What the Debian package says of itself agrees with the sources: what it needs to be built, what it installs, its units.
. "${0%/*}/../lib/tap.sh"

cd "$root/packaging/debian" || exit 1

# field NAME: the packages of a field of control, without versions and substitutions.
field() {
	sed -n "/^$1:/,/^[^ ]/{s/^$1://; /^[^ ]/d; p}" control | tr ',' '\n' | sed 's/([^)]*)//; s/[[:space:]]//g' |
		grep -v '^\${' | grep . | sort
}
# gcc, make and libc6-dev are build-essential: a package must not ask for them.
is "what is needed to build it is the set of pipelines/packages" "$(field Build-Depends)" \
	"$({ "$root/pipelines/packages" --list build | grep -vxE 'gcc|make|libc6-dev'; echo debhelper-compat; } | sort)"
is "units that are no instances are told to debhelper" \
	"$(sed -n '/^UNITS/,/[^\\]$/p' rules | grep -oE '[a-z-]+\.[a-z]+' | sort | tr '\n' ' ')" \
	"$(cd "$root/pipelines/systemd" && ls | grep -E '\.(service|socket|target|timer)$' | grep -v @ | sort | tr '\n' ' ')"
# words FILE: from the permission on, whatever the lines are.
words() { sed -n '/Permission to use/,$p' "$1" | grep -vx ' \.' | tr -s ' \n' ' ' | sed 's/^ //'; }
is "the licence is that of the sources" "$(words copyright)" "$(words "$root/LICENSE")"
for script in sensorpipe.postinst sensorpipe.postrm sensorpipe.prerm; do check "$script is a shell script" sh -n "$script"; done

# ---- the changelog ----

cd "$work" || exit 1
cat >changes.md <<'END_OF_CHANGES'
# Changelog

Words about it, which do not count.

## [0.2.0] - Unreleased

### Added

- `new` thing, which is told in so many words that they do not fit one line of a Debian changelog,
  and go on.

### Fixed

- A fault.

## [0.1.0] - 2026-01-31

### Added

- All.
END_OF_CHANGES
cat >expected <<'END_OF_CHANGES'
sensorpipe (0.2.0-1) unstable; urgency=medium

  * Added: new thing, which is told in so many words that they do not fit one
    line of a Debian changelog, and go on.
  * Fixed: A fault.

 -- the sensorpipe authors <sensorpipe@sensorpipe.invalid>  Tue, 14 Nov 2023 22:13:20 +0000

sensorpipe (0.1.0-1) unstable; urgency=medium

  * Added: All.

 -- the sensorpipe authors <sensorpipe@sensorpipe.invalid>  Sat, 31 Jan 2026 00:00:00 +0000
END_OF_CHANGES
is "CHANGELOG.md becomes the changelog of the package" \
	"$("$root/packaging/debian-changelog" 1700000000 <changes.md)" "$(cat expected)"
"$root/packaging/debian-changelog" 1700000000 <"$root/CHANGELOG.md" >changelog
is "every entry is in it" "$(grep -c '^  \* ' changelog)" "$(grep -c '^- ' "$root/CHANGELOG.md")"
finish
