/*
 * content_type: the payload format a MIME type names.
 *
 * The grammar is RFC 9110 section 8.3.1: type "/" subtype and parameters, names
 * in any case. JSON is application/json, text/json and any subtype ending in
 * "+json" but those that have a meaning of their own as a mapping (protobuf) or
 * as records (senml, sensml, RFC 8428); the same holds for CBOR. Protobuf is application/protobuf
 * (RFC 9996) and its older names x-protobuf and x-protobuffer. A charset other than utf-8, or its
 * part us-ascii, is refused. "proto" or "messageType" may name the type of a Protobuf message.
 * Other parameters are not looked at. Behind the subtype of any of them may stand "+gzip",
 * "+deflate" or "+zstd": the payload has that content coding (inflate.h).
 */
#ifndef SENSOR_DECODE_CONTENT_TYPE_H
#define SENSOR_DECODE_CONTENT_TYPE_H

#include "base/slice.h"
#include "inflate.h"

enum format {
	FORMAT_JSON,
	FORMAT_PROTOBUF,
	FORMAT_SPARKPLUG, /* Sparkplug B: application/x-sparkplug-b, no registered name */
	FORMAT_TEXT,
	FORMAT_SENML_JSON,
	FORMAT_SENSML_JSON, /* the same as a stream */
	FORMAT_SENML_CBOR,
	FORMAT_SENSML_CBOR,
	FORMAT_CBOR,
	FORMAT_INFLUX, /* line protocol; no registered name */
	FORMATS,       /* how many there are */
};

struct content_type {
	enum format format;
	enum coding coding;
	struct slice message; /* of Protobuf: its type, a slice of the text; empty: not named */
};

/* Returns NULL, or what is wrong, a static text. */
const char *content_type_read(struct slice text, struct content_type *type);

#endif
