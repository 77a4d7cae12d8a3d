#!/bin/bash
# cppcheck and clang-tidy (its checks are in .clang-tidy) find nothing.
. "${0%/*}/../lib/tap.sh"
command -v cppcheck >/dev/null || skip_all "cppcheck is not installed"
command -v clang-tidy >/dev/null || skip_all "clang-tidy is not installed"

cd "$root" || exit 1
# A tool with folders includes from its own root.
folders=$(find cmd -mindepth 2 -maxdepth 2 -type d -printf '-I%h\n' | sort -u | tr '\n' ' ')
# readdir(3) is safe for a stream of one's own, and readdir_r(3) deprecated.
check "cppcheck" cppcheck --quiet --suppress=readdirCalled --std=c11 --error-exitcode=1 --inline-suppr -j "$(nproc)" \
	--enable=warning,performance,portability --library=posix \
	--library=tests/lint/cppcheck.cfg -Ilib $folders -D_GNU_SOURCE lib cmd

# clang-tidy takes the compiler's options after the files; xargs puts the files before them.
flags="-std=c17 -Ilib $folders -Ibuild/gen -D_GNU_SOURCE -DSENSORPIPE_VERSION=\"lint\" -DSENSORPIPE_DATADIR=\"lint\" -pthread"
flags="$flags $(pkg-config --cflags libpq libcjson libprotobuf-c libpcre2-8)"
tidy() {
	find lib cmd -name '*.c' -print0 |
		xargs -0 -P "$(nproc)" -n 1 -I FILE clang-tidy --quiet FILE -- $flags
}
check "clang-tidy" tidy
finish
