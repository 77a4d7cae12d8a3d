#include "base/clock.h"
#include "map/map_keys.h"

static int read_time_pointer(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = into;

	return map_keys_pointer(r, token, scope, &scope->time.pointer);
}

static int read_nanos(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = into;

	return map_keys_pointer(r, token, scope, &scope->time.nanos);
}

static int read_time_unit(struct map_reader *r, enum json_token token, void *into)
{
	struct map_time *time = &((struct map_scope *)into)->time;
	struct slice text;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	for (int i = 0; time_unit_names[i]; i++) {
		if (slice_is(text, time_unit_names[i])) {
			time->unit = (enum time_unit)i;
			time->has_unit = true;
			return 0;
		}
	}
	return map_reader_fail(r, "must be s, ms, us or ns");
}

static int read_offset(struct map_reader *r, enum json_token token, void *into)
{
	struct map_time *time = &((struct map_scope *)into)->time;
	char text[64] = "2000-01-01T00:00:00";
	size_t len = strlen(text);
	int64_t us;

	if (map_reader_string(r, token, &time->offset) < 0)
		return -1;
	if (time->offset.len > 0 && time->offset.len < sizeof(text) - len &&
	    memchr("Zz+-", *time->offset.ptr, 4)) {
		memcpy(text + len, time->offset.ptr, time->offset.len);
		if (clock_parse((struct slice){text, len + time->offset.len}, &us) == 0)
			return 0;
	}
	return map_reader_fail(r, "must be an offset from UTC as RFC 3339 has it: Z, +01:00");
}

static int read_time_required(struct map_reader *r, enum json_token token, void *into)
{
	return map_reader_bool(r, token, &((struct map_scope *)into)->time.required);
}

int map_keys_time(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"pointer", read_time_pointer},   {"unit", read_time_unit}, {"nanos", read_nanos},
	    {"required", read_time_required}, {"offset", read_offset},  {0},
	};
	struct map_scope *scope = ((struct map_part *)into)->scope;
	unsigned given;

	if (map_reader_object(r, token, keys, scope, &given) < 0)
		return -1;
	return scope->time.pointer.given ? 0 : map_reader_fail(r, "'pointer' is missing");
}
