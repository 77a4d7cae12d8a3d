/*
 * fixture: a batch with its series and rows, and readings to fill it with.
 */
#ifndef TSDB_COPY_FIXTURE_H
#define TSDB_COPY_FIXTURE_H

#include "../unit.h"

#include "../../../cmd/tsdb-copy/batch.h"
#include "../../../cmd/tsdb-copy/check.h"
#include "../../../cmd/tsdb-copy/rows.h"

#include <stdlib.h>

struct fixture {
	struct series series;
	struct batch batch;
	struct row_set rows;
	struct reading reading;
	struct buf scratch;
};

static inline int setup(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return *state == NULL;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	series_clear(&f->series);
	batch_free(&f->batch);
	rows_free(&f->rows);
	buf_free(&f->scratch);
	free(f);
	return 0;
}

/* Adds "SEQ <time: 2026-01-01 plus so many seconds> SENSOR METRICS". */
static inline void add(struct fixture *f, const char *seq, int second, const char *sensor,
                       const char *metrics)
{
	struct buf line = {0};
	struct record_error error;
	const char *detail;
	int32_t schema;

	buf_printf(
	    &line,
	    "r1\t%s\t2026-01-01T00:01:00.000000Z\t2026-01-01T00:00:%02d.000000Z\tt\t%s\t2\t%s", seq,
	    second, sensor, metrics);
	assert_int_equal(reading_parse(buf_slice(&line), &f->scratch, &f->reading, &error), 0);
	assert_null(check_reading(&f->reading, &schema, &detail));
	assert_int_equal(schema, 2);
	batch_add(&f->batch, &f->series, &f->reading, schema, buf_slice(&line));
	if (!f->reading.more)
		batch_complete(&f->batch, f->reading.seq);
	buf_free(&line);
}

/* As the database would give them: in another order than that of arrival. */
static inline void give_ids(struct fixture *f)
{
	int32_t id = 100;

	for (struct sensor_entry *e = f->series.sensors; e; e = e->hh.next)
		e->id = id--;
	for (struct metric_entry *e = f->series.metrics; e; e = e->hh.next)
		e->id = (int16_t)id--;
}

#endif
