#include "watermark.h"

#include "db.h"
#include "schema.h"

#include <stdio.h>

void watermark_print(PGconn *conn, const char *source)
{
	char seq[32];

	schema_require(conn);
	if (db_value(conn, "cannot read the watermark",
	             "SELECT seq FROM ingest_watermarks WHERE source = $1", source, seq,
	             sizeof(seq)))
		puts(seq);
	else
		puts("0");
}
