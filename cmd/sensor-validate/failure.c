#include "failure.h"

static const struct {
	const char *name;
	const char *keyword; /* NULL: it is of no keyword */
} codes[FAILURE_CODES] = {
    [FAILURE_UNKNOWN_TYPE] = {"unknown-type", NULL},
    [FAILURE_UNKNOWN_SCHEMA] = {"unknown-schema", NULL},
    [FAILURE_TOO_OLD] = {"too-old", "x-max-age"},
    [FAILURE_TOO_FUTURE] = {"too-future", "x-max-future"},
    [FAILURE_FALSE_SCHEMA] = {"false-schema", NULL},
    [FAILURE_UNIT] = {"unit", "x-unit"},
    [FAILURE_TYPE] = {"type", "type"},
    [FAILURE_CONST] = {"const", "const"},
    [FAILURE_ENUM] = {"enum", "enum"},
    [FAILURE_MINIMUM] = {"minimum", "minimum"},
    [FAILURE_MAXIMUM] = {"maximum", "maximum"},
    [FAILURE_EXCLUSIVE_MINIMUM] = {"exclusive-minimum", "exclusiveMinimum"},
    [FAILURE_EXCLUSIVE_MAXIMUM] = {"exclusive-maximum", "exclusiveMaximum"},
    [FAILURE_MULTIPLE_OF] = {"multiple-of", "multipleOf"},
    [FAILURE_MIN_LENGTH] = {"min-length", "minLength"},
    [FAILURE_MAX_LENGTH] = {"max-length", "maxLength"},
    [FAILURE_PATTERN] = {"pattern", "pattern"},
    [FAILURE_PATTERN_LIMIT] = {"pattern-limit", "pattern"},
    [FAILURE_ADDITIONAL_PROPERTIES] = {"additional-properties", "additionalProperties"},
    [FAILURE_REQUIRED] = {"required", "required"},
    [FAILURE_DEPENDENT_REQUIRED] = {"dependent-required", "dependentRequired"},
    [FAILURE_MIN_PROPERTIES] = {"min-properties", "minProperties"},
    [FAILURE_MAX_PROPERTIES] = {"max-properties", "maxProperties"},
    [FAILURE_GROSS_RANGE] = {"gross-range", "x-gross-range"},
    [FAILURE_SPIKE] = {"spike", "x-spike"},
    [FAILURE_RATE_OF_CHANGE] = {"rate-of-change", "x-rate-of-change"},
    [FAILURE_FLAT_LINE] = {"flat-line", "x-flat-line"},
    [FAILURE_DUPLICATE] = {"duplicate", "x-duplicates"},
    [FAILURE_OUT_OF_ORDER] = {"out-of-order", "x-out-of-order"},
};

const char *failure_name(enum failure_code code)
{
	return codes[code].name;
}

void failure_begin(struct failure *f, enum failure_code code, struct slice place)
{
	f->code = code;
	f->place = place;
	buf_clear(&f->detail);
}

void failure_append_cut(struct failure *f, struct slice text, size_t most)
{
	size_t len = most;

	if (text.len <= most) {
		buf_append_slice(&f->detail, text);
		return;
	}
	/* Not in the middle of a UTF-8 sequence. */
	while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	buf_append(&f->detail, text.ptr, len);
	buf_append_string(&f->detail, "...");
}

void failure_begin_value(struct failure *f, enum failure_code code, struct slice place,
                         struct slice name, struct slice value)
{
	failure_begin(f, code, place);
	if (name.len > 0) {
		buf_append_slice(&f->detail, name);
		buf_putc(&f->detail, ' ');
	}
	failure_append_cut(f, value, FAILURE_VALUE_MAX);
}

void failure_append_rule(const struct failure *f, struct buf *out)
{
	buf_putc(out, '#');
	buf_append_slice(out, f->place);
	if (codes[f->code].keyword) {
		buf_putc(out, '/');
		buf_append_string(out, codes[f->code].keyword);
	}
}
