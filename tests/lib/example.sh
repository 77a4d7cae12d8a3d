# Sourced by tests that run what manual pages display, after tap.sh.

# example PAGE WORDS: the first displayed commands (.Dl, .Bd) that contain the words, without their markup; a command
# that fails if there are none.
example() {
	awk -v words="$2" '
		/^\.Dl / { sub(/^\.Dl /, ""); take($0) }
		/^\.Bd -literal/ { inside = 1; block = ""; next }
		/^\.Ed/ { if (inside) take(block); inside = 0 }
		inside { block = block $0 "\n" }
		function take(text) {
			if (!index(text, words)) return
			gsub(/\\e/, "\\", text)
			gsub(/\\&/, "", text)
			print text
			found = 1
			exit
		}
		END { if (!found) print "false # no example has these words: " words }
	' "$root/man/$1"
}
