#include "identity.h"

#include "base/clock.h"
#include "record/properties.h"
#include "record/record.h"

#include <strings.h>

static int take_time(struct identity *id, struct slice text, struct fault *fault)
{
	if (clock_parse(text, &id->time) < 0)
		return fault_set(fault, FAULT_BAD_TIME,
		                 "the user property 'time' is no RFC 3339 time: '%.*s'",
		                 SLICE_ARG(text));
	id->timed = true;
	return 0;
}

/* As headers of HTTP, from where it comes, it is written in any case. */
static bool names_encoding(struct slice name)
{
	static const char header[] = "content-encoding";

	return name.len == sizeof(header) - 1 && strncasecmp(name.ptr, header, name.len) == 0;
}

static int take_property(struct identity *id, const struct property *p, unsigned *seen,
                         struct fault *fault)
{
	enum { TYPE, SENSOR, SCHEMA, TIME, SOURCE, MESSAGE, ENCODING, KNOWN };
	static const char *const known[KNOWN] = {
	    "type", "sensor", "schema", "time", "source", "protobuf-message", "content-encoding"};
	unsigned which = 0;

	while (which < KNOWN && !slice_is(p->name, known[which]))
		which++;
	if (which == KNOWN && names_encoding(p->name))
		which = ENCODING;
	if (p->mqtt || which == KNOWN)
		return 0;
	if (*seen >> which & 1)
		return fault_set(fault, FAULT_DUPLICATE_PROPERTY,
		                 "the user property '%s' is there twice", known[which]);
	*seen |= 1U << which;
	switch (which) {
	case TYPE:
		id->type = p->value;
		return 0;
	case SENSOR:
		id->sensor = p->value;
		return 0;
	case SCHEMA:
		id->schema = p->value;
		return 0;
	case MESSAGE:
		id->message = p->value;
		return 0;
	case ENCODING:
		id->encoding = p->value;
		return 0;
	case TIME:
		return take_time(id, p->value, fault);
	default: /* of the source a reading keeps nothing */
		return 0;
	}
}

int identity_read(struct identity *id, struct slice properties, struct buf *scratch,
                  struct fault *fault)
{
	struct properties_walk walk;
	struct property p;
	unsigned seen = 0;
	int got;

	*id = (struct identity){0};
	if (properties.len == 0)
		return 0;
	properties_walk(&walk, properties, scratch);
	while ((got = properties_next(&walk, &p)) > 0)
		if (take_property(id, &p, &seen, fault) < 0)
			return -1;
	if (got < 0)
		return fault_set(fault, FAULT_BAD_PROPERTIES,
		                 "the properties are not name=value pairs, form-urlencoded");
	return 0;
}

void identity_fill(struct identity *id, struct slice type, struct slice sensor, struct slice schema)
{
	if (!id->type.ptr)
		id->type = type;
	if (!id->sensor.ptr)
		id->sensor = sensor;
	if (!id->schema.ptr)
		id->schema = schema;
}

static int check_name(const char *what, struct slice name, struct fault *fault)
{
	const char *wrong;

	if (!name.ptr)
		return fault_set(fault, FAULT_NO_IDENTITY,
		                 "no %s: the topic matches no template that has it, and neither a "
		                 "user property nor the payload names it",
		                 what);
	wrong = record_name_fault(name, false);
	if (wrong)
		return fault_set(fault, FAULT_BAD_NAME, "the %s '%.*s' %s", what, SLICE_ARG(name),
		                 wrong);
	return 0;
}

/* A version is 1 to 9 digits, the first not 0. */
static bool is_version(struct slice text)
{
	enum { DIGITS_MAX = 9 };

	if (text.len == 0 || text.len > DIGITS_MAX || *text.ptr == '0')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return true;
}

int identity_check(const struct identity *id, struct fault *fault)
{
	if (check_name("type", id->type, fault) < 0 || check_name("sensor", id->sensor, fault) < 0)
		return -1;
	if (id->schema.ptr && !is_version(id->schema))
		return fault_set(fault, FAULT_BAD_SCHEMA,
		                 "the schema version '%.*s' is not a decimal number of up to 9 "
		                 "digits",
		                 SLICE_ARG(id->schema));
	return 0;
}
