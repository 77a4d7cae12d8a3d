# Writes the completion of one tool from its --help: awk -v tool=NAME -v shell=bash|zsh -f completion.awk
#
# In the help an option has a line that begins with blanks and its names, then its value, then two blanks and what
# it does, which may go on in the lines below:
#
#   -d, --dbname CONNINFO  connection string or database name
#       --watch[=SECONDS]  look again every 5 (SECONDS) seconds
#   -V, --help             two options: no short name of another letter is an alias of --help
#       --format r1|influx the words of a value, or as a list: "table, csv, tsv (table)"
#
# A value FILE or DIR is completed as one, words by themselves, others not at all. Commands are the first words of the
# lines below "commands:".

function trim(text) {
	gsub(/^ +| +$/, "", text)
	return text
}

# The words of a value, by its name (a|b|c) or by what it does (a, b or c (a)), separated by blanks.
function words_of(value, does,   text) {
	if (value ~ /^[a-z0-9.]+(\|[a-z0-9.]+)+$/) {
		gsub(/\|/, " ", value)
		return value
	}
	text = does
	gsub(/ \(default\)/, "", text)
	sub(/^[^,]*: /, "", text)
	gsub(/,? or /, ", ", text)
	sub(/ \([a-z0-9.]+\)$/, "", text)
	if (value == "" || text !~ /^[a-z0-9.]+(, [a-z0-9.]+)+$/)
		return ""
	gsub(/, /, " ", text)
	return text
}

# Takes the names and the value of one option: "-d, --dbname CONNINFO", "--watch[=SECONDS]".
function take_option(head, does,   parts, n, i, name) {
	options++
	optional[options] = sub(/\[=/, " ", head)
	sub(/\]$/, "", head)
	n = split(head, parts, " ")
	for (i = 1; i <= n && parts[i] ~ /^-/; i++) {
		name = parts[i]
		sub(/,$/, "", name)
		if (name == "--help" && names[options] != "" && names[options] != "-h")
			options++
		names[options] = trim(names[options] " " name)
		description[options] = does
		if (does == "" && name ~ /^(-V|--version)$/)
			description[options] = "print the version"
		if (does == "" && name == "--help")
			description[options] = "print the usage"
	}
	value[options] = i <= n ? parts[i] : ""
}

/^ +-/ {
	line = trim($0)
	at = match(line, /  +/)
	take_option(at ? substr(line, 1, at - 1) : line, at ? trim(substr(line, at)) : "")
	in_commands = 0
	next
}
/^[^ ]/ {
	in_commands = $0 == "commands:"
	next
}
in_commands && /^  [a-z]/ {
	if (!($1 in known))
		commands = trim(commands " " $1)
	known[$1] = 1
}

# ---- bash ----

# What gives the answers that begin with the word at hand.
function answers(how) {
	return "mapfile -t COMPREPLY < <(compgen " how " -- \"$cur\")"
}

function bash_case(pattern, action) {
	printf "\t%s)\n\t\t%s\n\t\t;;\n", pattern, action
}

# How bash finds the value of an option.
function bash_value(i,   words) {
	words = words_of(value[i], description[i])
	if (words != "")
		return answers("-W '" words "'") "\n\t\treturn"
	if (value[i] ~ /^FILE/)
		return "compopt -o filenames 2>/dev/null\n\t\t" answers("-f") "\n\t\treturn"
	if (value[i] ~ /^DIR/)
		return "compopt -o filenames 2>/dev/null\n\t\t" answers("-d") "\n\t\treturn"
	return "return"
}

function bash_begin(   name) {
	name = tool
	gsub(/[^a-z0-9]/, "_", name)
	printf "# Completion of %s for bash; made from its --help.\n_sensorpipe_%s() {\n", tool, name
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}"
	print "\t# --option=value comes as three words."
	print "\tif [ \"$cur\" = = ]; then cur=; elif [ \"$prev\" = = ]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi"
	print "\tCOMPREPLY=()"
	return name
}

function bash(   i, name, all, pattern) {
	name = bash_begin()
	print "\tcase $prev in"
	for (i = 1; i <= options; i++) {
		all = trim(all " " names[i])
		pattern = names[i]
		gsub(/ /, " | ", pattern)
		if (value[i] != "" && !optional[i])
			bash_case(pattern, bash_value(i))
	}
	print "\tesac\n\tcase $cur in"
	bash_case("-*", answers("-W '" all "'"))
	if (commands)
		bash_case("*", answers("-W '" commands "'"))
	else
		bash_case("*", "compopt -o filenames 2>/dev/null\n\t\t" answers("-f"))
	printf "\tesac\n}\ncomplete -F _sensorpipe_%s %s\n", name, tool
}

# ---- zsh ----

# Text inside a specification of _arguments, in single quotes.
function quoted(text) {
	gsub(/  +/, " ", text)
	gsub(/\\|\[|\]|:/, "\\\\&", text)
	gsub(/'/, "'\\''", text)
	return text
}

# How the value is completed: ":MESSAGE:ACTION".
function zsh_value(i,   action, words) {
	if (value[i] == "")
		return ""
	words = words_of(value[i], description[i])
	if (words != "")
		action = "(" words ")"
	else if (value[i] ~ /^FILE/)
		action = "_files"
	else if (value[i] ~ /^DIR/)
		action = "_files -/"
	return (optional[i] ? "::" : ":") quoted(value[i]) ":" action
}

function zsh(   i, n, each, name, spec) {
	printf "#compdef %s\n# Completion of %s for zsh; made from its --help.\n", tool, tool
	print "_arguments -s -S \\"
	for (i = 1; i <= options; i++) {
		n = split(names[i], each, " ")
		for (name = 1; name <= n; name++) {
			spec = each[name]
			if (value[i] != "" && spec ~ /^--/)
				spec = spec (optional[i] ? "=-" : "=")
			printf "\t'*%s[%s]%s' \\\n", spec, quoted(description[i]), zsh_value(i)
		}
	}
	if (commands)
		printf "\t'1:command:(%s)' \\\n", commands
	print "\t'*:file:_files'"
}

END {
	if (options == 0) {
		print "completion.awk: no option in the help of " tool >"/dev/stderr"
		exit 1
	}
	if (shell == "bash")
		bash()
	else
		zsh()
}
