/*
 * cjson-loop: parses each line of standard input by cJSON, and adds up its numbers.
 *
 * What a program does that reads JSON by the usual library, to measure sensor-decode against.
 */
#include "base/msg.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

/* Every number in the tree. */
static double sum(const cJSON *node)
{
	const cJSON *child;
	double total = cJSON_IsNumber(node) ? node->valuedouble : 0;

	cJSON_ArrayForEach(child, node) total += sum(child);
	return total;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	double total = 0;

	msg_init("cjson-loop");
	while ((len = getline(&line, &size, stdin)) > 0) {
		cJSON *tree = cJSON_ParseWithLength(line, (size_t)len);

		if (!tree)
			msg_die(EX_DATAERR, "a line that is no JSON");
		total += sum(tree);
		cJSON_Delete(tree);
	}
	free(line);
	printf("%.17g\n", total);
	return EX_OK;
}
