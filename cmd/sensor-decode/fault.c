#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const names[FAULT_CODES] = {
    [FAULT_NO_CONTENT_TYPE] = "no-content-type",
    [FAULT_CONTENT_TYPE] = "content-type",
    [FAULT_BAD_PROPERTIES] = "bad-properties",
    [FAULT_DUPLICATE_PROPERTY] = "duplicate-property",
    [FAULT_NO_IDENTITY] = "no-identity",
    [FAULT_BAD_NAME] = "bad-name",
    [FAULT_BAD_SCHEMA] = "bad-schema",
    [FAULT_BAD_TIME] = "bad-time",
    [FAULT_DUPLICATE_TIME] = "duplicate-time",
    [FAULT_BAD_JSON] = "bad-json",
    [FAULT_BAD_ENCODING] = "bad-encoding",
    [FAULT_BAD_TEXT] = "bad-text",
    [FAULT_BAD_SENML] = "bad-senml",
    [FAULT_BAD_CBOR] = "bad-cbor",
    [FAULT_BAD_PROTOBUF] = "bad-protobuf",
    [FAULT_UNKNOWN_FIELD] = "unknown-field",
    [FAULT_UNSUPPORTED_SHAPE] = "unsupported-shape",
    [FAULT_TOO_DEEP] = "too-deep",
    [FAULT_TOO_LARGE] = "too-large",
    [FAULT_TOO_MANY_METRICS] = "too-many-metrics",
    [FAULT_TOO_MANY_READINGS] = "too-many-readings",
    [FAULT_NO_METRICS] = "no-metrics",
    [FAULT_NO_METRIC_NAME] = "no-metric-name",
    [FAULT_MISSING_VALUE] = "missing-value",
    [FAULT_UNKNOWN_WORD] = "unknown-word",
    [FAULT_DUPLICATE_NAME] = "duplicate-name",
    [FAULT_NUL] = "nul",
    [FAULT_NUMBER_RANGE] = "number-range",
    [FAULT_STRING_TOO_LONG] = "string-too-long",
    [FAULT_BAD_SPARKPLUG] = "bad-sparkplug",
    [FAULT_BAD_INFLUX] = "bad-influx",
    [FAULT_NO_BIRTH] = "no-birth",
    [FAULT_TOO_MANY_NODES] = "too-many-nodes",
    [FAULT_UNKNOWN_MESSAGE] = "unknown-message",
    [FAULT_NO_DATA] = "no-data",
};

const char *fault_name(enum fault_code code)
{
	return names[code];
}

int fault_set(struct fault *f, enum fault_code code, const char *format, ...)
{
	va_list args;

	f->code = code;
	va_start(args, format);
	vsnprintf(f->detail, sizeof(f->detail), format, args);
	va_end(args);
	return -1;
}
