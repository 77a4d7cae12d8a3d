#include "json/json_members.h"

#include "json/json_value.h"

#include <stdio.h>
#include <string.h>

_Static_assert((int)DECODE_JSON_DEPTH_MAX < (int)JSON_DEPTH_MAX,
               "the parser must allow one level more");

void json_members_init(struct json_members *w, const struct payload *p, struct json *json)
{
	w->json = json;
	w->options = &p->options->json;
	w->readings = p->readings;
	w->scratch = p->scratch;
	w->fault = p->fault;
	w->take_time = w->timed = false;
	w->except = NULL;
	w->except_count = 0;
}

int json_members_syntax(struct json_members *w)
{
	return fault_set(w->fault, FAULT_BAD_JSON, "offset %zu: %s", w->json->error_at,
	                 w->json->error);
}

int json_members_check_depth(struct json_members *w, struct slice name)
{
	if (w->json->depth <= w->options->max_depth)
		return 0;
	return fault_set(w->fault, FAULT_TOO_DEEP, "'%.*s' is nested over %u deep", SLICE_ARG(name),
	                 w->options->max_depth);
}

/* Where the name last given stands, with its quote. */
static size_t name_offset(const struct json_members *w)
{
	return (size_t)(w->json->text.ptr - w->json->start) - 1;
}

/* Puts a name behind the path. */
static struct slice join(struct json_members *w, struct slice own)
{
	memcpy(w->path + w->path_len, own.ptr, own.len);
	return (struct slice){w->path, w->path_len + own.len};
}

/* The whole name of the member whose own name was just given. */
static int full_name(struct json_members *w, struct slice *name)
{
	struct json_value own = json_value_of(w->json, JSON_NAME);

	*name = json_value_string(&own, w->scratch);
	if (own.escaped && name->len && memchr(name->ptr, '\0', name->len))
		return fault_set(w->fault, FAULT_NUL, "offset %zu: a name with a NUL in it",
		                 name_offset(w));
	if (name->len == 0)
		return fault_set(w->fault, FAULT_BAD_NAME, "offset %zu: an empty name",
		                 name_offset(w));
	if ((w->path_len > 0 || own.escaped) && name->len <= RECORD_NAME_MAX)
		*name = join(w, *name); /* else good where it is, or refused soon */
	return 0;
}

static int add_scalar(struct json_members *w, struct slice name, enum json_token token)
{
	struct json_value value = json_value_of(w->json, token);
	struct slice text;

	if (json_value_metric(&value, name, w->scratch, &text, w->fault) < 0)
		return -1;
	return readings_add(w->readings, name, text, w->fault);
}

/* A container opens: the names in it get `name` and a dot in front. */
static int enter(struct json_members *w, struct slice name)
{
	if (json_members_check_depth(w, name) < 0)
		return -1;
	w->levels[w->json->depth].path_len = (uint16_t)w->path_len;
	w->levels[w->json->depth].next = 0;
	memmove(w->path, name.ptr, name.len);
	w->path[name.len] = '.';
	w->path_len = name.len + 1;
	return 0;
}

static void leave(struct json_members *w)
{
	w->path_len = w->levels[w->json->depth + 1].path_len;
}

static int enter_array(struct json_members *w, struct slice name)
{
	if (!w->options->index_arrays)
		return fault_set(w->fault, FAULT_UNSUPPORTED_SHAPE,
		                 "'%.*s' is an array; '--arrays index' takes it", SLICE_ARG(name));
	return enter(w, name);
}

static int take_value(struct json_members *w, struct slice name, enum json_token token)
{
	switch (token) {
	case JSON_NUMBER:
	case JSON_STRING:
	case JSON_TRUE:
	case JSON_FALSE:
		return add_scalar(w, name, token);
	case JSON_NULL:
		return 0;
	case JSON_OBJECT:
		return enter(w, name);
	case JSON_ARRAY:
		return enter_array(w, name);
	default:
		return json_members_syntax(w);
	}
}

int json_members_set_time(struct json_members *w, struct slice name, enum json_token token,
                          enum time_unit unit)
{
	struct json_value value = json_value_of(w->json, token);
	int64_t time;

	if (token == JSON_NULL)
		return 0;
	if (token == JSON_ERROR)
		return json_members_syntax(w);
	if (w->timed)
		return fault_set(w->fault, FAULT_DUPLICATE_TIME,
		                 "'%.*s' is a second time beside the first", SLICE_ARG(name));
	if (json_value_time(&value, name, unit, w->scratch, &time, w->fault) < 0)
		return -1;
	readings_set_time(w->readings, time);
	w->timed = true;
	return 0;
}

/* A member of the object itself that gives the device's time. */
static bool is_time(const struct json_members *w, struct slice name)
{
	return w->take_time && w->path_len == 0 &&
	       (slice_is(name, "ts") || slice_is(name, "time") || slice_is(name, "timestamp"));
}

static bool is_excepted(const struct json_members *w, struct slice name)
{
	for (size_t i = 0; i < w->except_count; i++)
		if (slice_equal(w->except[i], name))
			return true;
	return false;
}

static int take_named(struct json_members *w, struct slice name)
{
	bool time, excepted;
	enum json_token token;

	if (readings_name(w->readings, name, w->fault) < 0)
		return -1;
	time = is_time(w, name);
	excepted = is_excepted(w, name);
	token = json_next(w->json);
	if (time)
		return json_members_set_time(w, name, token, w->options->unit);
	if (excepted)
		return json_skip(w->json, token) < 0 ? json_members_syntax(w) : 0;
	return take_value(w, name, token);
}

/* A value in an array, whose token was just given. */
static int take_item(struct json_members *w, enum json_token token)
{
	/* The array was opened at the depth that is left when a container is opened in it. */
	bool opened = token == JSON_OBJECT || token == JSON_ARRAY;
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "%u", w->levels[w->json->depth - opened].next++);
	struct slice name = join(w, (struct slice){digits, (size_t)len});

	if (readings_name(w->readings, name, w->fault) < 0)
		return -1;
	return take_value(w, name, token);
}

static int take_member(struct json_members *w)
{
	struct slice name;

	if (full_name(w, &name) < 0)
		return -1;
	return take_named(w, name);
}

int json_members_take(struct json_members *w)
{
	unsigned outside = w->json->depth - 1;
	enum json_token token;

	w->path_len = 0;
	w->levels[w->json->depth].path_len = 0;
	while (w->json->depth > outside) {
		token = json_next(w->json);
		if (token == JSON_ERROR)
			return json_members_syntax(w);
		if (token == JSON_OBJECT_END || token == JSON_ARRAY_END)
			leave(w);
		else if ((token == JSON_NAME ? take_member(w) : take_item(w, token)) < 0)
			return -1;
	}
	return 0;
}
