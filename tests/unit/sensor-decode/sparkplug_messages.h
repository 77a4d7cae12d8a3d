/*
 * sparkplug_messages: builds the payloads of Sparkplug messages, metric by metric.
 */
#ifndef SENSORPIPE_SPARKPLUG_MESSAGES_H
#define SENSORPIPE_SPARKPLUG_MESSAGES_H

#include "base/buf.h"
#include "payload/sparkplug.pb-c.h"

#include <stdint.h>
#include <string.h>

enum { NONE = -1, BUILD_METRICS_MAX = 2100 };

static Sparkplug__Metric built[BUILD_METRICS_MAX], *built_list[BUILD_METRICS_MAX];
static Sparkplug__Payload built_payload;
static struct buf built_bytes;

/* A payload without metrics; `timestamp` is in milliseconds. Both may be NONE. */
static inline void build(int64_t seq, int64_t timestamp)
{
	sparkplug__payload__init(&built_payload);
	built_payload.metrics = built_list;
	built_payload.has_seq = seq != NONE;
	built_payload.seq = (uint64_t)seq;
	built_payload.has_timestamp = timestamp != NONE;
	built_payload.timestamp = (uint64_t)timestamp;
}

/* A metric without a value; `name` may be NULL, `alias` and `datatype` NONE. */
static inline Sparkplug__Metric *add_metric(const char *name, int64_t alias, int datatype)
{
	Sparkplug__Metric *m = &built[built_payload.n_metrics];

	built_list[built_payload.n_metrics++] = m;
	sparkplug__metric__init(m);
	m->name = (char *)name; /* protobuf-c has no const */
	m->has_alias = alias != NONE;
	m->alias = (uint64_t)alias;
	m->has_datatype = datatype != NONE;
	m->datatype = (uint32_t)datatype;
	return m;
}

static inline Sparkplug__Metric *add_int(const char *name, int64_t alias, int datatype,
                                         uint32_t value)
{
	Sparkplug__Metric *m = add_metric(name, alias, datatype);

	m->value_case = SPARKPLUG__METRIC__VALUE_INT_VALUE;
	m->int_value = value;
	return m;
}

static inline Sparkplug__Metric *add_long(const char *name, int64_t alias, int datatype,
                                          uint64_t value)
{
	Sparkplug__Metric *m = add_metric(name, alias, datatype);

	m->value_case = SPARKPLUG__METRIC__VALUE_LONG_VALUE;
	m->long_value = value;
	return m;
}

static inline Sparkplug__Metric *add_double(const char *name, int64_t alias, int datatype,
                                            double value)
{
	Sparkplug__Metric *m = add_metric(name, alias, datatype);

	m->value_case = SPARKPLUG__METRIC__VALUE_DOUBLE_VALUE;
	m->double_value = value;
	return m;
}

static inline Sparkplug__Metric *add_text(const char *name, int64_t alias, int datatype,
                                          const char *value)
{
	Sparkplug__Metric *m = add_metric(name, alias, datatype);

	m->value_case = SPARKPLUG__METRIC__VALUE_STRING_VALUE;
	m->string_value = (char *)value;
	return m;
}

/* The bytes of what was built; valid until the next call. */
static inline struct slice built_slice(void)
{
	size_t len = sparkplug__payload__get_packed_size(&built_payload);

	buf_clear(&built_bytes);
	buf_reserve(&built_bytes, len + 1);
	built_bytes.len = sparkplug__payload__pack(&built_payload, (uint8_t *)built_bytes.ptr);
	return buf_slice(&built_bytes);
}

#endif
