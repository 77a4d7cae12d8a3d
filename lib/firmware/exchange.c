#include "firmware/exchange.h"

#include "record/properties.h"

#include <inttypes.h>
#include <stdio.h>

static struct exchange_property *find(struct exchange_property *wanted, size_t count,
                                      const struct property *p)
{
	for (size_t i = 0; i < count; i++)
		if (wanted[i].mqtt == p->mqtt && slice_is(p->name, wanted[i].name))
			return &wanted[i];
	return NULL;
}

const char *exchange_find(struct slice properties, struct buf *scratch,
                          struct exchange_property *wanted, size_t count)
{
	struct exchange_property *w;
	struct properties_walk walk;
	struct property p;
	int more;

	properties_walk(&walk, properties, scratch);
	while ((more = properties_next(&walk, &p)) > 0) {
		w = find(wanted, count, &p);
		if (w && w->found)
			return "a property is given twice";
		if (w) {
			w->found = true;
			w->value = p.value;
		}
	}
	return more < 0 ? "the properties are malformed" : NULL;
}

bool exchange_number(struct slice text, uint64_t most, uint64_t *value)
{
	uint64_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(text.ptr[i] - '0');

		if (digit > 9 || n > (most - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*value = n;
	return text.len > 0;
}

void exchange_append(struct buf *b, struct slice correlation, uint32_t expiry)
{
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "%" PRIu32, expiry);

	properties_append_mqtt(b, "correlation-data", correlation);
	properties_append_mqtt(b, "message-expiry-interval", (struct slice){digits, (size_t)len});
}

size_t exchange_part(struct buf *b)
{
	buf_putc(b, '\t');
	return b->len;
}

struct slice exchange_slice(const struct buf *b, size_t begin, size_t next)
{
	return (struct slice){b->ptr + begin, next - 1 - begin};
}
