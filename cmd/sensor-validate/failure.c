#include "failure.h"

static const char *const names[FAILURE_CODES] = {
    [FAILURE_UNKNOWN_TYPE] = "unknown-type",
    [FAILURE_UNKNOWN_SCHEMA] = "unknown-schema",
    [FAILURE_TOO_OLD] = "too-old",
    [FAILURE_TOO_FUTURE] = "too-future",
    [FAILURE_FALSE_SCHEMA] = "false-schema",
    [FAILURE_TYPE] = "type",
    [FAILURE_CONST] = "const",
    [FAILURE_ENUM] = "enum",
    [FAILURE_MINIMUM] = "minimum",
    [FAILURE_MAXIMUM] = "maximum",
    [FAILURE_EXCLUSIVE_MINIMUM] = "exclusive-minimum",
    [FAILURE_EXCLUSIVE_MAXIMUM] = "exclusive-maximum",
    [FAILURE_MULTIPLE_OF] = "multiple-of",
    [FAILURE_MIN_LENGTH] = "min-length",
    [FAILURE_MAX_LENGTH] = "max-length",
    [FAILURE_PATTERN] = "pattern",
    [FAILURE_PATTERN_LIMIT] = "pattern-limit",
    [FAILURE_ADDITIONAL_PROPERTIES] = "additional-properties",
    [FAILURE_REQUIRED] = "required",
    [FAILURE_DEPENDENT_REQUIRED] = "dependent-required",
    [FAILURE_MIN_PROPERTIES] = "min-properties",
    [FAILURE_MAX_PROPERTIES] = "max-properties",
};

const char *failure_name(enum failure_code code)
{
	return names[code];
}

void failure_begin(struct failure *f, enum failure_code code)
{
	f->code = code;
	buf_clear(&f->detail);
}

void failure_begin_value(struct failure *f, enum failure_code code, struct slice name,
                         struct slice value)
{
	failure_begin(f, code);
	buf_append_slice(&f->detail, name);
	buf_putc(&f->detail, ' ');
	if (value.len <= FAILURE_VALUE_MAX) {
		buf_append_slice(&f->detail, value);
		return;
	}
	value.len = FAILURE_VALUE_MAX;
	/* Not in the middle of a UTF-8 sequence. */
	while (value.len > 0 && ((unsigned char)value.ptr[value.len] & 0xc0) == 0x80)
		value.len--;
	buf_append_slice(&f->detail, value);
	buf_append_string(&f->detail, "...");
}
