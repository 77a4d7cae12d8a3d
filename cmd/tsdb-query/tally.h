/*
 * tally: what became of the rows of a query. read - left_out - thinned + filled = written.
 */
#ifndef TSDB_QUERY_TALLY_H
#define TSDB_QUERY_TALLY_H

#include <stdint.h>

struct tally {
	uint64_t read;     /* readings or buckets from the database */
	uint64_t left_out; /* which the output has no form for */
	uint64_t thinned;  /* which --points did without */
	uint64_t filled;   /* buckets made up by --fill */
	uint64_t written;
};

#endif
