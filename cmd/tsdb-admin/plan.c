#include "plan.h"

#include <stdio.h>
#include <string.h>

static bool is_ours(const struct plan *plan, const struct sql_file *file)
{
	return engine_uses(plan->engine, file->set);
}

static const struct sql_file *find_file(const struct plan *plan, int version)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->files[i].version == version && is_ours(plan, &plan->files[i]))
			return &plan->files[i];
	return NULL;
}

bool plan_is_applied(const struct plan *plan, int version)
{
	for (size_t i = 0; i < plan->applied_count; i++)
		if (plan->applied[i].version == version)
			return true;
	return false;
}

int plan_target(const struct plan *plan)
{
	for (size_t i = plan->count; i > 0; i--)
		if (is_ours(plan, &plan->files[i - 1]))
			return plan->files[i - 1].version;
	return 0;
}

const struct sql_file *plan_next(const struct plan *plan, size_t *at)
{
	while (*at < plan->count) {
		const struct sql_file *file = &plan->files[(*at)++];

		if (is_ours(plan, file) && !plan_is_applied(plan, file->version))
			return file;
	}
	return NULL;
}

size_t plan_missing(const struct plan *plan)
{
	size_t at = 0, missing = 0;

	while (plan_next(plan, &at) != NULL)
		missing++;
	return missing;
}

bool plan_check(const struct plan *plan, char *fault, size_t size)
{
	for (size_t i = 0; i < plan->applied_count; i++) {
		const struct applied *applied = &plan->applied[i];
		const struct sql_file *file = find_file(plan, applied->version);

		if (file == NULL) {
			snprintf(fault, size,
			         "the database has step %04d_%s, which this tool does not know "
			         "(its newest "
			         "is %04d): use a newer tsdb-admin",
			         applied->version, applied->name, plan_target(plan));
			return false;
		}
		if (strcmp(file->checksum, applied->checksum) != 0) {
			snprintf(fault, size,
			         "step %04d_%s differs from the one this database was made with "
			         "(checksum "
			         "%.12s, here %.12s): use the tsdb-admin of that release",
			         applied->version, applied->name, applied->checksum,
			         file->checksum);
			return false;
		}
	}
	return true;
}
