#include "senml/decode_senml_cbor.h"

#include "cbor/cbor_items.h"
#include "cbor/cbor_number.h"
#include "cbor/cbor_verdict.h"
#include "senml/senml.h"

#include <string.h>

_Static_assert((int)DECODE_JSON_DEPTH_MAX < (int)ITEMS_DEPTH_MAX,
               "the parser must allow what the option does, and the array of records");

/* A map of one pair, label and value. */
enum { RECORD_MIN = 3 };

struct pack {
	struct payload *payload;
	struct items items;
	struct senml senml;
	bool stream;                                 /* the array may lack its end */
	char numbers[SENML_FIELDS][CBOR_NUMBER_MAX]; /* as text; those of base fields stay */
};

static int fail(struct pack *w, const char *what)
{
	return fault_set(w->payload->fault, FAULT_BAD_SENML, "record %zu: %s", w->senml.number,
	                 what);
}

/* ---- fields ---- */

/* Whether the key that was just given is a label, as a number or by its name. */
static bool is_label(const struct items *i, enum item key, const struct senml_label *label)
{
	if (key == ITEM_TEXT)
		return slice_is(i->text, label->name);
	if (i->negative)
		return label->number < 0 && i->integer == (uint64_t)(-1 - label->number);
	return label->number >= 0 && i->integer == (uint64_t)label->number;
}

/* The field of that label, or SENML_FIELDS. */
static enum senml_field field_of(const struct items *i, enum item key)
{
	int field = 0;

	while (field < SENML_FIELDS && !is_label(i, key, &senml_labels[field]))
		field++;
	return (enum senml_field)field;
}

static int take_number(struct pack *w, enum senml_field field, enum item item)
{
	struct buf *text = w->payload->scratch;

	if (!cbor_number_starts(&w->items, item) || (field == SENML_BVER && item != ITEM_INTEGER))
		return senml_wrong_type(&w->senml, field);
	buf_clear(text);
	if (cbor_number_append(&w->items, item, text, w->payload->fault) < 0)
		return -1;
	memcpy(w->numbers[field], text->ptr, text->len);
	w->senml.record.fields[field] = (struct slice){w->numbers[field], text->len};
	return 0;
}

static int take_string(struct pack *w, enum senml_field field, enum item item, enum item expected)
{
	if (item != expected)
		return senml_wrong_type(&w->senml, field);
	if (w->items.indefinite && (field == SENML_VS || field == SENML_VD))
		return senml_bad_field(&w->senml, field, "is a string of indefinite length");
	w->senml.record.fields[field] = w->items.text;
	return 0;
}

static int take_boolean(struct pack *w, enum senml_field field, enum item item)
{
	if (item != ITEM_TRUE && item != ITEM_FALSE)
		return senml_wrong_type(&w->senml, field);
	w->senml.record.fields[field] = item == ITEM_TRUE ? SLICE("true") : SLICE("false");
	return 0;
}

static int take_value(struct pack *w, enum senml_field field)
{
	enum item item = items_next(&w->items);

	if (item == ITEM_ERROR)
		return cbor_fault(&w->items, w->payload->fault);
	if (w->senml.record.fields[field].ptr)
		return senml_twice(&w->senml, field);
	switch (senml_labels[field].type) {
	case SENML_NUMBER:
		return take_number(w, field, item);
	case SENML_BOOLEAN:
		return take_boolean(w, field, item);
	case SENML_TEXT:
		return take_string(w, field, item, ITEM_TEXT);
	case SENML_DATA:
		break;
	}
	return take_string(w, field, item, ITEM_BYTES);
}

/* The field whose key was just given. */
static int take_field(struct pack *w, enum item key)
{
	enum senml_field field;

	if (key != ITEM_INTEGER && key != ITEM_TEXT)
		return fail(w, "a label that is neither an integer nor a text");
	field = field_of(&w->items, key);
	if (field == SENML_FIELDS) {
		if (key == ITEM_TEXT && senml_unknown_field(&w->senml, w->items.text) < 0)
			return -1;
		if (items_skip(&w->items, items_next(&w->items)) < 0)
			return cbor_fault(&w->items, w->payload->fault);
		return 0;
	}
	if (key == ITEM_TEXT)
		return fault_set(w->payload->fault, FAULT_BAD_SENML,
		                 "record %zu: in CBOR the label of '%s' is %d", w->senml.number,
		                 senml_labels[field].name, senml_labels[field].number);
	return take_value(w, field);
}

/* ---- records ---- */

static int take_record(struct pack *w)
{
	enum item item;

	while ((item = items_next(&w->items)) != ITEM_CLOSE)
		if (item == ITEM_ERROR ? cbor_fault(&w->items, w->payload->fault) < 0
		                       : take_field(w, item) < 0)
			return -1;
	return senml_take_record(&w->senml);
}

/* The array's start. */
static int take_array(struct pack *w)
{
	enum item item = items_first(&w->items);
	bool sensml = w->payload->type.format == FORMAT_SENSML_CBOR;

	if (item == ITEM_ERROR)
		return cbor_fault(&w->items, w->payload->fault);
	if (item != ITEM_ARRAY)
		return fault_set(w->payload->fault, FAULT_BAD_SENML,
		                 "the payload is %s, not an array of records", items_shape(item));
	if (w->items.indefinite && !sensml)
		return fault_set(w->payload->fault, FAULT_BAD_SENML,
		                 "an array of indefinite length is SensML, not SenML");
	w->stream = w->items.indefinite;
	return 0;
}

static int take_pack(struct pack *w)
{
	enum item item;

	if (take_array(w) < 0)
		return -1;
	while ((item = items_next(&w->items)) != ITEM_CLOSE) {
		if (w->stream && item == ITEM_ERROR && w->items.error_at == w->payload->bytes.len)
			return senml_end(&w->senml);
		if (item == ITEM_ERROR)
			return cbor_fault(&w->items, w->payload->fault);
		if (item != ITEM_MAP)
			return fault_set(w->payload->fault, FAULT_BAD_SENML,
			                 "record %zu is %s, not a map", w->senml.number,
			                 items_shape(item));
		if (take_record(w) < 0)
			return -1;
	}
	if (items_next(&w->items) != ITEM_END)
		return cbor_fault(&w->items, w->payload->fault);
	return senml_end(&w->senml);
}

int decode_senml_cbor(struct payload *p)
{
	size_t memory = senml_memory(p->bytes, RECORD_MIN);
	struct pack w;

	w.payload = p;
	arena_reset(p->arena, memory + p->bytes.len);
	senml_begin(&w.senml, p, arena_take(p->arena, memory), RECORD_MIN);
	w.senml.octets = true;
	items_init(&w.items, p->bytes, p->options->json.max_depth + 1,
	           arena_take(p->arena, p->bytes.len));
	w.stream = false;
	if (take_pack(&w) == 0)
		return 0;
	return w.stream ? -1
	                : cbor_verdict(p); /* an array without an end would not be well-formed */
}
