/*
 * output: the stages that rows go through after the database, as the options ask for them.
 *
 *   readings -> [thin] -> writer or chart
 *   buckets  -> [fill] -> writer or chart
 *   similar days           -> writer; a chart is filled without rows
 *   odd days               -> writer or heat map
 */
#ifndef TSDB_QUERY_OUTPUT_H
#define TSDB_QUERY_OUTPUT_H

#include "chart.h"
#include "fill.h"
#include "heat_map.h"
#include "options.h"
#include "thin.h"
#include "writer.h"

struct output {
	struct stage *first; /* takes the rows */
	struct chart chart;  /* of similar days: to be filled */

	/* Private. */
	const struct options *options;
	struct out *out;
	struct tally *tally;
	struct fill fill;
	struct thin thin;
	struct writer writer;
	struct heat_map map;
};

/* All that is given must outlive the output. */
void output_init(struct output *output, const struct options *options,
                 const struct catalog *catalog, struct out *out, struct tally *tally);

/* After the last row: draws what is to be drawn. */
void output_end(struct output *output);

#endif
