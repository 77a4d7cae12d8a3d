/*
 * senml: the records of a SenML pack (RFC 8428), resolved to readings.
 *
 * The decoders of SenML's JSON and CBOR forms hand over one record after the
 * other with the fields it has; here are the rules that both share. Base fields
 * hold for the record that has them and all later ones. Values of one sensor and
 * one time that follow each other are metrics of one reading.
 *
 *   sensor   the base name less the separators it ends with; where there is no
 *            base name, it is not told by the pack
 *   metric   the record's own name; without one payload.metric, else "value"
 *   time     base time and time, added: from 2^28 seconds on since 1970, below
 *            since the message arrived
 *   unit     its own, else the base unit. A metric in another unit than the first
 *            of its name, or where there is no name than the base unit, is named
 *            by both: "value.lon"
 *   sum      a metric of its own, "temperature.sum", without a unit (SenML has
 *            no name for its unit times seconds)
 *
 * Numbers stay as they are written; where there is a base to be added, they are
 * added as decimals (decimal.h). Update times are not kept.
 */
#ifndef SENSOR_DECODE_SENML_H
#define SENSOR_DECODE_SENML_H

#include "payload.h"
#include "senml/senml_seen.h"

#include <stdbool.h>

enum { SENML_VERSION = 10 }; /* the latest that is known, and that of a pack which names none */

/* Base fields come first. */
enum senml_field {
	SENML_BVER,
	SENML_BN,
	SENML_BT,
	SENML_BU,
	SENML_BV,
	SENML_BS,
	SENML_N,
	SENML_U,
	SENML_V,
	SENML_VS,
	SENML_VB,
	SENML_S,
	SENML_T,
	SENML_UT,
	SENML_VD,
	SENML_FIELDS, /* how many there are */
	SENML_BASE_FIELDS = SENML_N,
};

enum senml_type { SENML_TEXT, SENML_NUMBER, SENML_BOOLEAN, SENML_DATA };

struct senml_label {
	const char *name; /* in JSON */
	int number;       /* in CBOR */
	enum senml_type type;
};

extern const struct senml_label senml_labels[SENML_FIELDS];

/* What a record has: the bytes of a text, a number by JSON's grammar, "true" or "false", data as
 * base64url. ptr is NULL where the field is not there. Those of base fields, of names and of units
 * must last until the end of the pack, the others while the record is taken. */
struct senml_record {
	struct slice fields[SENML_FIELDS];
};

struct senml {
	const struct payload *payload;
	size_t number;              /* of the record that is taken, from 1; for details */
	struct senml_record record; /* to be filled, and empty again when it was taken */
	bool octets;                /* data are given as they are, not as base64url */

	/* Private. */
	struct slice base[SENML_BASE_FIELDS];
	unsigned version; /* 0: before the first record */
	struct senml_seen seen;
	struct slice sensor; /* of the reading that is begun */
	int64_t time;
};

/* Memory that senml_begin() is to be given, for a payload in which a record with a value has at
 * least `record_min` bytes. */
size_t senml_memory(struct slice payload, size_t record_min);

void senml_begin(struct senml *s, const struct payload *p, void *memory, size_t record_min);

/* A field of the record that is not in senml_labels. Returns 0 when it is to be ignored, or -1 with
 * the fault set. */
int senml_unknown_field(const struct senml *s, struct slice name);

/* Sets the fault that a field is there twice, has another type than it should, or what else is
 * wrong with it; returns -1. */
int senml_twice(const struct senml *s, enum senml_field field);
int senml_wrong_type(const struct senml *s, enum senml_field field);
int senml_bad_field(const struct senml *s, enum senml_field field, const char *what);

/* Both return 0, or -1 with the fault set. */
int senml_take_record(struct senml *s);
int senml_end(struct senml *s);

#endif
