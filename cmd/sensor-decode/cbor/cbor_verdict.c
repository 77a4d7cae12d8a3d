#include "cbor/cbor_verdict.h"

#include "cbor/cbor_items.h"
#include "cbor/cbor_number.h"

int cbor_verdict(struct payload *p)
{
	struct items items;
	enum item item;

	arena_reset(p->arena, p->bytes.len);
	items_init(&items, p->bytes, ITEMS_DEPTH_MAX, arena_take(p->arena, p->bytes.len));
	do
		item = items_next(&items);
	while (item != ITEM_END && item != ITEM_ERROR);
	if (item == ITEM_ERROR && !items.too_deep)
		return cbor_fault(&items, p->fault);
	return -1;
}
