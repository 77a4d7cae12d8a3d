#!/bin/bash
# Completions, which are made from --help, offer all that the help tells, in bash and in zsh.
# First build only: the help is the same in all of them.
. "${0%/*}/../lib/tap.sh"
share=${BIN%/bin}/share

# answers TOOL WORD...: what bash offers for the last word.
answers() (
	. "$share/bash/$1"
	# shellcheck disable=SC2034  # a completion reads them
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	"$(complete -p "$1" | sed 's/.* -F \([^ ]*\) .*/\1/')"
	printf '%s\n' "${COMPREPLY[@]}"
)
# specifications TOOL: what the zsh function hands to _arguments, a line each, names only.
specifications() {
	zsh -f -c '_arguments() { print -rl -- "$@" }; . "$1"' x "$share/zsh/_$1" | sed -n "s/^\*\(-[^=[]*\).*/\1/p"
}
# The options that a line of help begins with.
options() {
	grep -oE '^ +-[^ ]+( --?[a-z-]+)*' "$1" | grep -oE -e '--[a-z0-9-]+|(^| )-[A-Za-z0-9]\b' | tr -d ' ' | sort
}

for main in "$root"/cmd/*/main.c; do
	tool=${main%/main.c} tool=${tool##*/}
	"$tool" --help >help
	options help >options
	check "$tool has options" test -s options
	is "bash: every option of $tool" "$(answers "$tool" "$tool" - | sort)" "$(cat options)"
	if command -v zsh >/dev/null; then
		is "zsh: every option of $tool" "$(specifications "$tool" | sort)" "$(cat options)"
	else
		skip "zsh: every option of $tool" "zsh is not installed"
	fi
done

# ---- values ----

mkdir spool dir && touch dump.m1 'with blank.m1'
is "options by how they begin" "$(answers mqtt-replay mqtt-replay --f | tr '\n' ' ')" "--follow --from "
is "a value FILE is a file" "$(answers tsdb-copy tsdb-copy --reject dum)" dump.m1
is "also behind =" "$(answers tsdb-copy tsdb-copy --reject = dum)" dump.m1
is "also when it has just begun" "$(answers tsdb-copy tsdb-copy --reject = | sort | grep dump)" dump.m1
is "a value DIR is a directory" "$(answers mqtt-sub5 mqtt-sub5 --spool '' | sort | tr '\n' ' ')" "dir spool "
is "a value by words, as a list" "$(answers tsdb-query tsdb-query --format '' | tr '\n' ' ')" "table csv tsv json r1 "
is "a value by words, with or" "$(answers mqtt-sub5 mqtt-sub5 --tls-min '' | tr '\n' ' ')" "1.3 1.2 "
is "a value by words, in its name" "$(answers sensor-decode sensor-decode --time-unit m | tr '\n' ' ')" "ms "
is "a value of its own is not guessed" "$(answers mqtt-sub5 mqtt-sub5 -h '')" ""
is "an optional value is not waited for" "$(answers tsdb-admin tsdb-admin --watch sta)" status
is "operands are files" "$(answers mqtt-replay mqtt-replay 'with b')" "with blank.m1"
is "commands" "$(answers tsdb-admin tsdb-admin mi)" migrate
if command -v zsh >/dev/null; then
	check "zsh: host-sensors" zsh -n "$share/zsh/_host-sensors"
fi
is "bash: host-sensors" "$(answers host-sensors host-sensors - | tr '\n' ' ')" "-i -n -s -d "
finish
