/* A schema of values on the first line, a JSON value on the second: what compiles gives the same
 * answer twice, with a rule and a detail where it is no; and a value is equal to itself. */
#include "../../../cmd/sensor-validate/check.h"
#include "../../../cmd/sensor-validate/compile.h"
#include "../../../cmd/sensor-validate/judge.h"
#include "../../../cmd/sensor-validate/lint.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct check check;
static struct json_tree tree;
static struct buf rule;

static void check_twice(struct schema *s, const struct json_value *value)
{
	bool holds = check_document(&check, s, value);
	enum failure_code code = check.failure.code;

	if (!holds) {
		buf_clear(&rule);
		failure_append_rule(&check.failure, &rule);
		if (code >= FAILURE_CODES || check.failure.detail.len == 0 || rule.ptr[0] != '#')
			abort();
	}
	if (check_document(&check, s, value) != holds || (!holds && check.failure.code != code))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct faults faults = {.file = "fuzz", .lint = true};
	struct slice text = {(const char *)data, size}, line = SLICE("");
	const char *end = size > 0 ? memchr(data, '\n', size) : NULL;
	const struct json_value *value;
	struct schema *s;

	if (end) {
		text.len = (size_t)(end - text.ptr);
		line = (struct slice){end + 1, size - text.len - 1};
	}
	s = schema_compile(text, SCHEMA_OF_VALUES, &faults);
	if ((s != NULL) != (faults.count == 0))
		abort();
	if (s) {
		lint_schema(s, &faults);
		value = json_tree_parse(&tree, line, JUDGE_DEPTH_MAX, JSON_VALUES_MAX);
		if (value && !json_value_equal(value, value))
			abort();
		if (value)
			check_twice(s, value);
	}
	schema_free(s);
	faults_free(&faults);
	return 0;
}
