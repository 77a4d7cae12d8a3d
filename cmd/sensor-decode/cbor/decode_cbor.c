#include "cbor/decode_cbor.h"

#include "base/clock.h"
#include "base64url.h"
#include "cbor/cbor_items.h"
#include "cbor/cbor_number.h"
#include "cbor/cbor_verdict.h"
#include "device_time.h"
#include "text/json.h"
#include "text/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)DECODE_JSON_DEPTH_MAX <= (int)ITEMS_DEPTH_MAX,
               "the parser must allow what the option does");

enum { TAG_TIME_TEXT = 0, TAG_TIME_NUMBER = 1, TAG_BASE64URL = 21 };

struct walk {
	struct payload *payload;
	struct items items;
	bool timed;

	/* The path of the open containers, each name followed by a dot; a metric's own name is put
	 * behind it. */
	char path[2 * RECORD_NAME_MAX + 2];
	size_t path_len;
	struct {
		uint16_t path_len; /* outside of the container */
		uint32_t next;     /* position in the array */
	} levels[ITEMS_DEPTH_MAX + 1];
};

static int fail_cbor(struct walk *w)
{
	return cbor_fault(&w->items, w->payload->fault);
}

/* ---- values ---- */

/* Appends the number that was just begun to the empty scratch. */
static int read_number(struct walk *w, enum item item, struct slice name, struct slice *text)
{
	double value;

	buf_clear(w->payload->scratch);
	if (cbor_number_append(&w->items, item, w->payload->scratch, w->payload->fault) < 0)
		return -1;
	*text = buf_slice(w->payload->scratch);
	if (item == ITEM_TAG && number_parse(*text, &value) < 0)
		return fault_set(w->payload->fault, FAULT_NUMBER_RANGE,
		                 "'%.*s' is beyond the range of a double", SLICE_ARG(name));
	return 0;
}

static int add_text(struct walk *w, struct slice name)
{
	struct slice text = w->items.text;
	struct buf *json = w->payload->scratch;

	if (text.len && memchr(text.ptr, '\0', text.len))
		return fault_set(w->payload->fault, FAULT_NUL, "'%.*s' is a text with a NUL in it",
		                 SLICE_ARG(name));
	buf_clear(json);
	json_append_string(json, text);
	return readings_add(w->payload->readings, name, buf_slice(json), w->payload->fault);
}

static int add_bytes(struct walk *w, struct slice name)
{
	struct buf *json = w->payload->scratch;

	buf_clear(json);
	buf_putc(json, '"');
	base64url_append(json, w->items.text);
	buf_putc(json, '"');
	return readings_add(w->payload->readings, name, buf_slice(json), w->payload->fault);
}

static int add_number(struct walk *w, struct slice name, enum item item)
{
	struct slice text;

	if (read_number(w, item, name, &text) < 0)
		return -1;
	return readings_add(w->payload->readings, name, text, w->payload->fault);
}

/* A container opens: the names in it get `name`, which is in `path`, and a dot in front. */
static int enter(struct walk *w, struct slice name)
{
	w->levels[w->items.depth].path_len = (uint16_t)w->path_len;
	w->levels[w->items.depth].next = 0;
	w->path_len = name.len;
	w->path[w->path_len++] = '.';
	return 0;
}

/* What a tag is taken for: the item it is on, which is read. */
static int untag(struct walk *w, struct slice name, enum item *item)
{
	uint64_t tag = w->items.integer;
	bool fits;

	*item = items_next(&w->items);
	if (*item == ITEM_ERROR)
		return fail_cbor(w);
	fits = (tag == TAG_TIME_TEXT && *item == ITEM_TEXT) ||
	       (tag == TAG_TIME_NUMBER && cbor_number_starts(&w->items, *item)) ||
	       (tag == TAG_BASE64URL && *item == ITEM_BYTES);
	if (fits)
		return 0;
	return fault_set(w->payload->fault, FAULT_UNSUPPORTED_SHAPE,
	                 "'%.*s' is %s with the tag %" PRIu64, SLICE_ARG(name), items_shape(*item),
	                 tag);
}

/* Adds what was just given. */
static int take_value(struct walk *w, struct slice name, enum item item)
{
	if (item == ITEM_TAG && !cbor_number_starts(&w->items, item) && untag(w, name, &item) < 0)
		return -1;
	if (cbor_number_starts(&w->items, item))
		return add_number(w, name, item);
	switch (item) {
	case ITEM_ERROR:
		return fail_cbor(w);
	case ITEM_TEXT:
		return add_text(w, name);
	case ITEM_BYTES:
		return add_bytes(w, name);
	case ITEM_TRUE:
		return readings_add(w->payload->readings, name, SLICE("true"), w->payload->fault);
	case ITEM_FALSE:
		return readings_add(w->payload->readings, name, SLICE("false"), w->payload->fault);
	case ITEM_ARRAY:
		if (!w->payload->options->json.index_arrays)
			return fault_set(w->payload->fault, FAULT_UNSUPPORTED_SHAPE,
			                 "'%.*s' is an array; '--arrays index' takes it",
			                 SLICE_ARG(name));
		return enter(w, name);
	case ITEM_MAP:
		return enter(w, name);
	case ITEM_NULL:
	case ITEM_UNDEFINED:
		return 0;
	default:
		return fault_set(w->payload->fault, FAULT_UNSUPPORTED_SHAPE, "'%.*s' is %s",
		                 SLICE_ARG(name), items_shape(item));
	}
}

/* ---- time ---- */

static bool is_time(const struct walk *w, struct slice name)
{
	return w->path_len == 0 &&
	       (slice_is(name, "ts") || slice_is(name, "time") || slice_is(name, "timestamp"));
}

static int take_time(struct walk *w, struct slice name, enum item item)
{
	enum time_unit unit = w->payload->options->json.unit;
	struct slice text;
	int64_t time;
	int bad = -1;

	if (item == ITEM_NULL || item == ITEM_UNDEFINED)
		return 0;
	if (w->timed)
		return fault_set(w->payload->fault, FAULT_DUPLICATE_TIME,
		                 "'%.*s' is a second time beside the first", SLICE_ARG(name));
	if (item == ITEM_TAG && !cbor_number_starts(&w->items, item)) {
		unit = TIME_S;
		if (untag(w, name, &item) < 0)
			return -1;
	}
	if (item == ITEM_TEXT) {
		bad = clock_parse(w->items.text, &time);
	} else if (cbor_number_starts(&w->items, item)) {
		if (read_number(w, item, name, &text) < 0)
			return -1;
		bad = device_time_number(text, unit, &time);
	}
	if (bad)
		return fault_set(w->payload->fault, FAULT_BAD_TIME,
		                 "'%.*s' is no time of the years 0001 to 9999", SLICE_ARG(name));
	readings_set_time(w->payload->readings, time);
	w->timed = true;
	return 0;
}

/* ---- members ---- */

/* Puts a name behind the path. */
static struct slice join(struct walk *w, struct slice own)
{
	memcpy(w->path + w->path_len, own.ptr, own.len);
	return (struct slice){w->path, w->path_len + own.len};
}

/* The member whose key was just given. */
static int take_member(struct walk *w, enum item key)
{
	struct slice own = w->items.text, name;
	enum item item;

	if (key != ITEM_TEXT)
		return fault_set(w->payload->fault, FAULT_UNSUPPORTED_SHAPE,
		                 "offset %zu: a key that is not a text", w->items.offset);
	if (own.len == 0)
		return fault_set(w->payload->fault, FAULT_BAD_NAME, "offset %zu: an empty name",
		                 w->items.offset);
	if (memchr(own.ptr, '\0', own.len))
		return fault_set(w->payload->fault, FAULT_NUL,
		                 "offset %zu: a name with a NUL in it", w->items.offset);
	name = own.len > RECORD_NAME_MAX ? own /* refused at once */ : join(w, own);
	if (readings_name(w->payload->readings, name, w->payload->fault) < 0)
		return -1;
	item = items_next(&w->items);
	if (item == ITEM_ERROR)
		return fail_cbor(w);
	return is_time(w, own) ? take_time(w, own, item) : take_value(w, name, item);
}

/* A value in an array. */
static int take_element(struct walk *w, enum item item)
{
	/* The array was opened at the depth that is left when a container is opened in it. */
	bool opened = item == ITEM_MAP || item == ITEM_ARRAY;
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "%" PRIu32,
	                   w->levels[w->items.depth - opened].next++);
	struct slice name = join(w, (struct slice){digits, (size_t)len});

	if (readings_name(w->payload->readings, name, w->payload->fault) < 0)
		return -1;
	return take_value(w, name, item);
}

static int take_map(struct walk *w)
{
	enum item item = items_first(&w->items);
	int taken;

	if (item == ITEM_ERROR)
		return fail_cbor(w);
	if (item != ITEM_MAP)
		return fault_set(w->payload->fault, FAULT_UNSUPPORTED_SHAPE,
		                 "the payload is %s, not a map", items_shape(item));
	while ((item = items_next(&w->items)) != ITEM_END) {
		if (item == ITEM_ERROR)
			return fail_cbor(w);
		if (item == ITEM_CLOSE) {
			w->path_len = w->levels[w->items.depth + 1].path_len;
			continue;
		}
		taken = w->items.key ? take_member(w, item) : take_element(w, item);
		if (taken < 0)
			return -1;
	}
	return 0;
}

int decode_cbor(struct payload *p)
{
	struct walk w;

	w.payload = p;
	w.timed = false;
	w.path_len = 0;
	w.levels[1].path_len = 0;
	arena_reset(p->arena, p->bytes.len);
	items_init(&w.items, p->bytes, p->options->json.max_depth,
	           arena_take(p->arena, p->bytes.len));
	if (readings_begin(p->readings, p->fault) < 0 || take_map(&w) < 0)
		return cbor_verdict(p);
	return readings_end(p->readings, p->fault);
}
