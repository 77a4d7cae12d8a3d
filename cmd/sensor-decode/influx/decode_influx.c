#include "influx/decode_influx.h"

#include "influx/influx_line.h"
#include "influx/influx_value.h"
#include "text/utf8.h"

#include <string.h>

/* "a b=1" and its LF. */
enum { POINT_MIN = 6 };

static const struct slice sensor_tags[] = {
    {"sensor", 6}, {"sensor_id", 9}, {"device", 6}, {"device_id", 9}, {"host", 4},
};

struct tag {
	struct slice key, value;
};

struct point {
	struct influx_line fields; /* to read them once more */
	struct slice measurement;  /* empty: it tells nothing */
	struct slice sensor;       /* likewise */
	struct slice suffix;       /* the other tags */
	bool timed;
	int64_t time; /* of its reading */
	bool first;   /* of its reading */
	size_t next;  /* of its reading, counted from 1; 0: it is the last */
	size_t last;  /* of the first point: the last of them */
};

struct decoding {
	struct payload *payload;
	struct influx_line line;
	struct tag tags[INFLUX_TAGS_MAX]; /* of the point at hand, sorted by their keys */
	size_t tag_count;
	struct point *points;
	size_t point_count, point_max;
	size_t *slots; /* of a hash table: the first points of readings, counted from 1; 0: free */
	size_t slot_count;
	char *texts; /* what is unescaped, and the suffixes: each as long as the payload at most */
};

static int fail_line(struct decoding *d, const struct influx_line *l)
{
	return fault_set(d->payload->fault, FAULT_BAD_INFLUX, "offset %zu: %s", l->error_at,
	                 l->error);
}

/* What a raw text stands for. */
static struct slice plain(struct decoding *d, struct slice raw, const char *escapes)
{
	struct slice text = {d->texts, 0};

	if (!memchr(raw.ptr, '\\', raw.len))
		return raw;
	text.len = influx_line_unescape(raw, escapes, d->texts);
	d->texts += text.len;
	return text;
}

/* ---- tags ---- */

/* Puts a tag in its place by the bytes of its key. Returns whether the key is new. */
static bool insert_tag(struct decoding *d, struct tag tag)
{
	size_t i = d->tag_count;

	for (; i > 0; i--) {
		struct slice key = d->tags[i - 1].key;
		size_t len = key.len < tag.key.len ? key.len : tag.key.len;
		int order = memcmp(key.ptr, tag.key.ptr, len);

		if (order == 0 && key.len == tag.key.len)
			return false;
		if (order < 0 || (order == 0 && key.len < tag.key.len))
			break;
		d->tags[i] = d->tags[i - 1];
	}
	d->tags[i] = tag;
	d->tag_count++;
	return true;
}

static int take_tags(struct decoding *d)
{
	struct fault *fault = d->payload->fault;
	struct tag tag;
	int got;

	d->tag_count = 0;
	while ((got = influx_line_tag(&d->line, &tag.key, &tag.value)) > 0) {
		if (d->tag_count == INFLUX_TAGS_MAX)
			return fault_set(fault, FAULT_BAD_NAME,
			                 "more than %d tags do not fit in a sensor's name",
			                 INFLUX_TAGS_MAX);
		tag.key = plain(d, tag.key, INFLUX_KEY_ESCAPES);
		tag.value = plain(d, tag.value, INFLUX_KEY_ESCAPES);
		if (!insert_tag(d, tag))
			return fault_set(fault, FAULT_DUPLICATE_NAME,
			                 "the tag '%.*s' is there twice", SLICE_ARG(tag.key));
	}
	return got < 0 ? fail_line(d, &d->line) : 0;
}

/* The tag that names the sensor; NULL when none does. */
static const struct tag *sensor_tag(const struct decoding *d)
{
	const struct payload *p = d->payload;
	const struct influx_options *o = &p->options->influx;
	const struct slice *names = o->sensor_tag_count ? o->sensor_tags : sensor_tags;
	size_t name_count = o->sensor_tag_count ? o->sensor_tag_count
	                                        : sizeof(sensor_tags) / sizeof(sensor_tags[0]);

	if (p->given && p->given->sensor.ptr)
		return NULL;
	for (size_t i = 0; i < name_count; i++)
		for (size_t k = 0; k < d->tag_count; k++)
			if (slice_equal(d->tags[k].key, names[i]))
				return &d->tags[k];
	return NULL;
}

/* Puts a text behind the others, with its ',' and '=' escaped: so it stood in the payload. */
static void put_escaped(struct decoding *d, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ',' || text.ptr[i] == '=')
			*d->texts++ = '\\';
		*d->texts++ = text.ptr[i];
	}
}

/* One of the tags names the sensor, or none; all others go into the suffix. */
static void identify_point(struct decoding *d, struct point *point)
{
	const struct tag *sensor = sensor_tag(d);

	if (sensor)
		point->sensor = sensor->value;
	point->suffix.ptr = d->texts;
	for (size_t i = 0; i < d->tag_count; i++) {
		if (&d->tags[i] == sensor)
			continue;
		*d->texts++ = ',';
		put_escaped(d, d->tags[i].key);
		*d->texts++ = '=';
		put_escaped(d, d->tags[i].value);
	}
	point->suffix.len = (size_t)(d->texts - point->suffix.ptr);
}

/* ---- points ---- */

static const int64_t nanoseconds[] = {
    [TIME_S] = 1000000000, [TIME_MS] = 1000000, [TIME_US] = 1000, [TIME_NS] = 1};

/* As in InfluxDB, a time is a number of nanoseconds in 64 bits, whatever its unit. */
static int take_time(struct decoding *d, struct point *point)
{
	const struct payload *p = d->payload;
	struct slice text;
	int64_t time;
	int got = influx_line_time(&d->line, &text);

	if (got < 0)
		return fail_line(d, &d->line);
	point->timed = got > 0;
	if (!point->timed) {
		point->time = p->given && p->given->timed ? p->given->time : p->message->received;
		return 0;
	}
	if (influx_integer(text, &time) < 0 ||
	    __builtin_mul_overflow(time, nanoseconds[p->options->influx.precision], &time))
		return fault_set(p->fault, FAULT_BAD_TIME,
		                 "the time '%.*s' is beyond 64 bits of nanoseconds",
		                 SLICE_ARG(text));
	point->time = time / 1000;
	return 0;
}

/* All of a point behind its measurement. The fields are only checked. */
static int take_point(struct decoding *d, struct point *point, struct slice measurement)
{
	const struct identity *given = d->payload->given;
	struct influx_value value;
	struct slice key;
	int got;

	if (!given || !given->type.ptr)
		point->measurement = plain(d, measurement, INFLUX_MEASUREMENT_ESCAPES);
	if (take_tags(d) < 0)
		return -1;
	identify_point(d, point);
	point->fields = d->line;
	while ((got = influx_line_field(&d->line, &key, &value)) > 0)
		;
	return got < 0 ? fail_line(d, &d->line) : take_time(d, point);
}

static bool same_reading(const struct point *a, const struct point *b)
{
	return a->time == b->time && slice_equal(a->sensor, b->sensor) &&
	       slice_equal(a->suffix, b->suffix) && slice_equal(a->measurement, b->measurement);
}

/* Puts the last point to the reading that it is of, its own or that of an earlier one. */
static void group_point(struct decoding *d)
{
	struct point *point = &d->points[d->point_count - 1], *first;
	uint64_t hash = slice_hash(point->sensor) ^ slice_hash(point->suffix) * 3 ^
	                slice_hash(point->measurement) * 5 ^ (uint64_t)point->time;
	size_t i = (hash ^ hash >> 32) & (d->slot_count - 1);

	while (d->slots[i] && !same_reading(&d->points[d->slots[i] - 1], point))
		i = (i + 1) & (d->slot_count - 1);
	if (!d->slots[i]) {
		d->slots[i] = d->point_count;
		point->first = true;
		point->last = d->point_count;
		return;
	}
	first = &d->points[d->slots[i] - 1];
	d->points[first->last - 1].next = d->point_count;
	first->last = d->point_count;
}

static int take_points(struct decoding *d)
{
	struct slice measurement;
	int got;

	while ((got = influx_line_point(&d->line, &measurement)) > 0) {
		struct point *point;

		if (d->point_count == d->point_max)
			return fault_set(d->payload->fault, FAULT_TOO_MANY_READINGS,
			                 "more than %d points", INFLUX_POINTS_MAX);
		point = &d->points[d->point_count];
		*point = (struct point){0};
		if (take_point(d, point, measurement) < 0)
			return -1;
		d->point_count++;
		group_point(d);
	}
	return got < 0 ? fail_line(d, &d->line) : 0;
}

/* ---- readings ---- */

static int take_field(struct decoding *d, const struct point *point, struct slice key,
                      struct influx_value *value)
{
	struct payload *p = d->payload;

	key = plain(d, key, INFLUX_KEY_ESCAPES);
	if (value->kind == INFLUX_STRING)
		value->text = plain(d, value->text, INFLUX_STRING_ESCAPES);
	if (readings_name(p->readings, key, p->fault) < 0) {
		if (p->fault->code == FAULT_DUPLICATE_NAME && !point->first)
			fault_set(p->fault, FAULT_DUPLICATE_NAME,
			          "'%.*s' is in two points of the same sensor and microsecond",
			          SLICE_ARG(key));
		return -1;
	}
	buf_clear(p->scratch);
	if (influx_value_append(value, key, p->scratch, p->fault) < 0)
		return -1;
	return readings_add(p->readings, key, buf_slice(p->scratch), p->fault);
}

static int take_fields(struct decoding *d, const struct point *point)
{
	struct influx_line fields = point->fields;
	struct influx_value value;
	struct slice key;
	int got;

	while ((got = influx_line_field(&fields, &key, &value)) > 0)
		if (take_field(d, point, key, &value) < 0)
			return -1;
	return got;
}

/* The reading of a first point and those that follow it. */
static int add_reading(struct decoding *d, const struct point *first)
{
	struct readings *readings = d->payload->readings;
	struct fault *fault = d->payload->fault;

	if (readings_begin(readings, fault) < 0 ||
	    readings_identify(readings, first->measurement, first->sensor, fault) < 0 ||
	    readings_qualify(readings, first->suffix, fault) < 0)
		return -1;
	if (first->timed)
		readings_set_time(readings, first->time);
	for (const struct point *point = first; point;
	     point = point->next ? &d->points[point->next - 1] : NULL)
		if (take_fields(d, point) < 0)
			return -1;
	return readings_end(readings, fault);
}

/* ---- the payload ---- */

static int check_utf8(const struct payload *p)
{
	const char *at = p->bytes.ptr, *end = at + p->bytes.len;
	unsigned len = 1;

	if (utf8_valid(p->bytes))
		return 0;
	for (; at < end && len; at += len)
		len = utf8_sequence(at, end);
	return fault_set(p->fault, FAULT_BAD_INFLUX, "offset %zu: not UTF-8",
	                 (size_t)(at - p->bytes.ptr));
}

/* Memory for as many points as the payload can have. */
static void make_room(struct decoding *d, struct payload *p)
{
	size_t points, slots, size = p->bytes.len / POINT_MIN + 1;

	d->point_max = size < INFLUX_POINTS_MAX ? size : INFLUX_POINTS_MAX;
	for (d->slot_count = 4; d->slot_count < 2 * d->point_max;)
		d->slot_count *= 2;
	points = d->point_max * sizeof(*d->points);
	slots = d->slot_count * sizeof(*d->slots);
	arena_reset(p->arena, points + slots + 2 * p->bytes.len + 2 * _Alignof(max_align_t));
	d->points = arena_take(p->arena, points);
	d->slots = arena_take(p->arena, slots);
	d->texts = arena_take(p->arena, 2 * p->bytes.len);
	memset(d->slots, 0, slots);
}

int decode_influx(struct payload *p)
{
	struct decoding d = {.payload = p};

	if (check_utf8(p) < 0)
		return -1;
	make_room(&d, p);
	influx_line_init(&d.line, p->bytes);
	if (take_points(&d) < 0)
		return -1;
	if (d.point_count == 0)
		return fault_set(p->fault, FAULT_NO_METRICS, "there is no point");
	p->readings->distinct = true;
	for (size_t i = 0; i < d.point_count; i++)
		if (d.points[i].first && add_reading(&d, &d.points[i]) < 0)
			return -1;
	return 0;
}
