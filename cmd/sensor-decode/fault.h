/*
 * fault: why a message cannot be decoded: a code for the dead letter and the skip record, and a
 * detail for people.
 */
#ifndef SENSOR_DECODE_FAULT_H
#define SENSOR_DECODE_FAULT_H

enum { FAULT_DETAIL_MAX = 512 }; /* bytes; longer details are cut */

/* One a kind of failure; sensor-decode(1) lists them by fault_name(). */
enum fault_code {
	FAULT_NO_CONTENT_TYPE,
	FAULT_CONTENT_TYPE,
	FAULT_BAD_PROPERTIES,
	FAULT_DUPLICATE_PROPERTY,
	FAULT_NO_IDENTITY,
	FAULT_BAD_NAME,
	FAULT_BAD_SCHEMA,
	FAULT_BAD_TIME,
	FAULT_DUPLICATE_TIME,
	FAULT_BAD_JSON,
	FAULT_BAD_ENCODING,
	FAULT_BAD_TEXT,
	FAULT_BAD_PROTOBUF,
	FAULT_UNKNOWN_FIELD,
	FAULT_UNSUPPORTED_SHAPE,
	FAULT_TOO_DEEP,
	FAULT_TOO_LARGE,
	FAULT_TOO_MANY_METRICS,
	FAULT_TOO_MANY_READINGS,
	FAULT_NO_METRICS,
	FAULT_NO_METRIC_NAME,
	FAULT_MISSING_VALUE,
	FAULT_UNKNOWN_WORD,
	FAULT_DUPLICATE_NAME,
	FAULT_NUL,
	FAULT_NUMBER_RANGE,
	FAULT_STRING_TOO_LONG,
	FAULT_BAD_SENML,
	FAULT_BAD_CBOR,
	FAULT_BAD_SPARKPLUG,
	FAULT_BAD_INFLUX,
	FAULT_NO_BIRTH,
	FAULT_TOO_MANY_NODES,
	FAULT_UNKNOWN_MESSAGE,
	FAULT_NO_DATA, /* none at all: there is nothing to store, and no dead letter */
	FAULT_CODES,   /* how many there are */
};

struct fault {
	enum fault_code code;
	char detail[FAULT_DETAIL_MAX];
};

/* "bad-json" */
const char *fault_name(enum fault_code code);

/* Sets the fault and returns -1, so that `return fault_set(...)` reports and fails. */
int fault_set(struct fault *f, enum fault_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
