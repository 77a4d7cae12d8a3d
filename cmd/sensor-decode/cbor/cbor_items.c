#include "cbor/cbor_items.h"

#include "text/utf8.h"

#include <cbor.h>

/* Heads that are no items of their own. */
enum head { HEAD_BREAK = ITEM_TAG + 1, HEAD_TEXT_PIECES, HEAD_BYTES_PIECES };

void items_init(struct items *i, struct slice bytes, unsigned max_depth, char *joined)
{
	memset(i, 0, offsetof(struct items, levels));
	i->bytes = bytes;
	i->max_depth = max_depth;
	i->joined = joined;
}

/* ---- the head of an item, told by one of these calls ---- */

static void set_integer(struct items *i, bool negative, uint64_t value)
{
	i->head = ITEM_INTEGER;
	i->negative = negative;
	i->integer = value;
}

static void on_uint8(void *context, uint8_t value)
{
	set_integer(context, false, value);
}

static void on_uint16(void *context, uint16_t value)
{
	set_integer(context, false, value);
}

static void on_uint32(void *context, uint32_t value)
{
	set_integer(context, false, value);
}

static void on_uint64(void *context, uint64_t value)
{
	set_integer(context, false, value);
}

static void on_negint8(void *context, uint8_t value)
{
	set_integer(context, true, value);
}

static void on_negint16(void *context, uint16_t value)
{
	set_integer(context, true, value);
}

static void on_negint32(void *context, uint32_t value)
{
	set_integer(context, true, value);
}

static void on_negint64(void *context, uint64_t value)
{
	set_integer(context, true, value);
}

static void set_text(struct items *i, enum item head, const unsigned char *bytes, size_t len)
{
	i->head = head;
	i->text = (struct slice){(const char *)bytes, len};
	i->indefinite = false;
}

static void on_text(void *context, cbor_data bytes, size_t len)
{
	set_text(context, ITEM_TEXT, bytes, len);
}

static void on_bytes(void *context, cbor_data bytes, size_t len)
{
	set_text(context, ITEM_BYTES, bytes, len);
}

static void set_head(struct items *i, int head, bool indefinite)
{
	i->head = head;
	i->indefinite = indefinite;
}

static void on_text_pieces(void *context)
{
	set_head(context, HEAD_TEXT_PIECES, true);
}

static void on_bytes_pieces(void *context)
{
	set_head(context, HEAD_BYTES_PIECES, true);
}

static void on_array(void *context, size_t count)
{
	struct items *i = context;

	set_head(i, ITEM_ARRAY, false);
	i->integer = count;
}

static void on_map(void *context, size_t count)
{
	struct items *i = context;

	set_head(i, ITEM_MAP, false);
	i->integer = count;
}

static void on_indefinite_array(void *context)
{
	set_head(context, ITEM_ARRAY, true);
}

static void on_indefinite_map(void *context)
{
	set_head(context, ITEM_MAP, true);
}

static void on_tag(void *context, uint64_t number)
{
	struct items *i = context;

	i->head = ITEM_TAG;
	i->integer = number;
}

static void on_double(void *context, double value)
{
	struct items *i = context;

	i->head = ITEM_FLOAT;
	i->number = value;
}

static void on_float(void *context, float value)
{
	on_double(context, (double)value);
}

static void on_boolean(void *context, bool value)
{
	set_head(context, value ? ITEM_TRUE : ITEM_FALSE, false);
}

static void on_null(void *context)
{
	set_head(context, ITEM_NULL, false);
}

static void on_undefined(void *context)
{
	set_head(context, ITEM_UNDEFINED, false);
}

static void on_break(void *context)
{
	set_head(context, HEAD_BREAK, false);
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negint8,
    .negint16 = on_negint16,
    .negint32 = on_negint32,
    .negint64 = on_negint64,
    .string = on_text,
    .string_start = on_text_pieces,
    .byte_string = on_bytes,
    .byte_string_start = on_bytes_pieces,
    .array_start = on_array,
    .indef_array_start = on_indefinite_array,
    .map_start = on_map,
    .indef_map_start = on_indefinite_map,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .boolean = on_boolean,
    .null = on_null,
    .undefined = on_undefined,
    .indef_break = on_break,
};

/* ---- items ---- */

static enum item fail(struct items *i, const char *what)
{
	i->error = what;
	i->error_at = i->at;
	return ITEM_ERROR;
}

/* Bytes of a simple value without a meaning, for which libcbor has no call; 0 where there is none.
 */
static size_t simple_value(const struct items *i)
{
	enum { SIMPLE = 0xe0, FALSE = 0xf4, SIMPLE_BYTE = 0xf8, SIMPLE_BYTE_MIN = 32 };
	const unsigned char *p = (const unsigned char *)i->bytes.ptr + i->at;

	if (p[0] >= SIMPLE && p[0] < FALSE)
		return 1;
	if (p[0] == SIMPLE_BYTE && i->bytes.len - i->at > 1 && p[1] >= SIMPLE_BYTE_MIN)
		return 2;
	return 0;
}

/* Reads a head, and the bytes of a string with a length; `next` is the offset behind it. */
static int read_head(struct items *i, size_t *next)
{
	struct cbor_decoder_result result;

	if (i->at == i->bytes.len) {
		fail(i, "the payload ends where an item should be");
		return -1;
	}
	*next = i->at + simple_value(i);
	if (*next > i->at) {
		i->head = ITEM_SIMPLE;
		return 0;
	}
	result = cbor_stream_decode((cbor_data)i->bytes.ptr + i->at, i->bytes.len - i->at,
	                            &callbacks, i);
	if (result.status != CBOR_DECODER_FINISHED) {
		fail(i, result.status == CBOR_DECODER_NEDATA ? "the payload ends inside an item"
		                                             : "not an item of CBOR");
		return -1;
	}
	if (i->head == ITEM_TEXT && !utf8_valid(i->text)) {
		fail(i, "text that is not UTF-8");
		return -1;
	}
	*next = i->at + result.read;
	return 0;
}

/* Puts the pieces of a string together, behind those of earlier ones. */
static enum item join_pieces(struct items *i, enum item kind)
{
	struct slice whole = {i->joined, 0};
	size_t next;

	for (;;) {
		if (read_head(i, &next) < 0)
			return ITEM_ERROR;
		if (i->head == HEAD_BREAK)
			break;
		if (i->head != (int)kind)
			return fail(i, "a string with something else than its pieces in it");
		if (i->text.len)
			memcpy(i->joined, i->text.ptr, i->text.len);
		i->joined += i->text.len;
		whole.len += i->text.len;
		i->at = next;
	}
	i->at = next;
	i->text = whole;
	i->indefinite = true;
	return kind;
}

/* A map or array of `integer` pairs or items. Each needs a byte at least, so no count is above that
 * of the bytes. */
static enum item open_container(struct items *i, enum item kind)
{
	bool map = kind == ITEM_MAP;

	if (i->depth == i->max_depth) {
		i->too_deep = true;
		return fail(i, "nested too deeply");
	}
	if (!i->indefinite && i->integer > (i->bytes.len - i->at) / (map ? 2 : 1))
		return fail(i, "the payload ends inside a map or an array");
	i->depth++;
	i->levels[i->depth].map = map;
	i->levels[i->depth].indefinite = i->indefinite;
	i->levels[i->depth].left = i->indefinite ? 0 : i->integer * (map ? 2 : 1);
	return kind;
}

static enum item close_container(struct items *i)
{
	i->depth--;
	i->key = false;
	return ITEM_CLOSE;
}

/* The break that ends a map or array without a length. */
static enum item take_break(struct items *i, size_t next)
{
	if (i->depth == 0 || !i->levels[i->depth].indefinite || i->tagged)
		return fail(i, "an end of nothing");
	if (i->levels[i->depth].map && i->levels[i->depth].left % 2)
		return fail(i, "a key without a value");
	i->at = next;
	return close_container(i);
}

/* Counts the item that was read in the map or array it stands in. */
static void count_item(struct items *i)
{
	i->begun = true;
	i->tagged = false;
	if (i->depth == 0)
		return;
	if (i->levels[i->depth].indefinite)
		i->levels[i->depth].left++;
	else
		i->levels[i->depth].left--;
}

static enum item take_item(struct items *i)
{
	switch (i->head) {
	case ITEM_MAP:
	case ITEM_ARRAY:
		return open_container(i, (enum item)i->head);
	case HEAD_TEXT_PIECES:
		return join_pieces(i, ITEM_TEXT);
	case HEAD_BYTES_PIECES:
		return join_pieces(i, ITEM_BYTES);
	default:
		return (enum item)i->head;
	}
}

enum item items_next(struct items *i)
{
	size_t next;

	if (i->error)
		return ITEM_ERROR;
	i->offset = i->at;
	if (i->depth == 0 && i->begun)
		return i->at == i->bytes.len ? ITEM_END : fail(i, "something follows the item");
	if (i->depth > 0 && !i->levels[i->depth].indefinite && i->levels[i->depth].left == 0)
		return close_container(i);
	i->key = i->depth > 0 && i->levels[i->depth].map && i->levels[i->depth].left % 2 == 0;
	if (read_head(i, &next) < 0)
		return ITEM_ERROR;
	if (i->head == HEAD_BREAK)
		return take_break(i, next);
	i->at = next;
	if (i->head == ITEM_TAG) {
		i->tagged = true;
		return ITEM_TAG;
	}
	count_item(i);
	return take_item(i);
}

enum item items_first(struct items *i)
{
	enum { TAG_CBOR = 55799 };
	enum item item = items_next(i);

	return item == ITEM_TAG && i->integer == TAG_CBOR ? items_next(i) : item;
}

int items_skip(struct items *i, enum item item)
{
	unsigned outside = i->depth - (item == ITEM_MAP || item == ITEM_ARRAY);

	while (item == ITEM_TAG || i->depth > outside) {
		if (item == ITEM_ERROR)
			return -1;
		item = items_next(i);
	}
	return item == ITEM_ERROR ? -1 : 0;
}

const char *items_shape(enum item item)
{
	static const char *const shapes[] = {
	    [ITEM_ERROR] = "nothing",       [ITEM_END] = "nothing",
	    [ITEM_MAP] = "a map",           [ITEM_ARRAY] = "an array",
	    [ITEM_CLOSE] = "nothing",       [ITEM_INTEGER] = "a number",
	    [ITEM_FLOAT] = "a number",      [ITEM_TEXT] = "a text",
	    [ITEM_BYTES] = "bytes",         [ITEM_TRUE] = "a truth value",
	    [ITEM_FALSE] = "a truth value", [ITEM_NULL] = "null",
	    [ITEM_UNDEFINED] = "undefined", [ITEM_SIMPLE] = "a simple value without a meaning",
	    [ITEM_TAG] = "tagged",
	};

	return shapes[item];
}
