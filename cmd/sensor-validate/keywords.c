#include "keywords.h"

#include "text/number.h"

static const struct keyword *find(const struct keyword *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

void keywords_read(const cJSON *object, const struct keyword *table, void *target,
                   const struct keyword *elsewhere, const char *where, struct faults *faults)
{
	for (const cJSON *member = object->child; member; member = member->next) {
		const struct keyword *keyword = find(table, member->string);
		size_t mark = faults_enter(faults, member->string);

		if (keyword)
			keyword->read(target, member, faults);
		else if (find(elsewhere, member->string))
			faults_add(faults, "%s", where);
		else
			faults_add(faults, "unknown keyword");
		faults_leave(faults, mark);
	}
}

void keyword_string(void *target, const cJSON *value, struct faults *faults)
{
	(void)target;
	if (!cJSON_IsString(value))
		faults_add(faults, "must be a string");
}

void keyword_anything(void *target, const cJSON *value, struct faults *faults)
{
	(void)target;
	(void)value;
	(void)faults;
}

void keyword_array(void *target, const cJSON *value, struct faults *faults)
{
	(void)target;
	if (!cJSON_IsArray(value))
		faults_add(faults, "must be an array");
}

int keyword_count(const cJSON *value, uint64_t *count, struct faults *faults)
{
	const double most = 9007199254740992; /* 2^53: up to it every integer is a double */
	double number = cJSON_IsNumber(value) ? value->valuedouble : -1;

	if (number < 0 || number > most || number != (double)(uint64_t)number) {
		faults_add(faults, "must be an integer from 0 to 2^53");
		return -1;
	}
	*count = (uint64_t)number;
	return 0;
}

int keyword_number(const cJSON *value, struct limit *limit, struct faults *faults)
{
	struct buf text = {0};

	if (!cJSON_IsNumber(value)) {
		faults_add(faults, "must be a number");
		return -1;
	}
	number_append(&text, value->valuedouble);
	limit->value = value->valuedouble;
	limit->len = text.len;
	memcpy(limit->text, text.ptr, text.len);
	buf_free(&text);
	return 0;
}

static unsigned type_named(const cJSON *name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} types[] = {
	    {"null", TYPE_NULL},       {"boolean", TYPE_BOOLEAN}, {"object", TYPE_OBJECT},
	    {"array", TYPE_ARRAY},     {"number", TYPE_NUMBER},   {"string", TYPE_STRING},
	    {"integer", TYPE_INTEGER},
	};

	if (!cJSON_IsString(name))
		return 0;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name->valuestring) == 0)
			return types[i].bit;
	return 0;
}

unsigned keyword_type(const cJSON *value, struct faults *faults)
{
	unsigned all = 0;
	const cJSON *item;

	if (!cJSON_IsArray(value)) {
		all = type_named(value);
		if (!all)
			faults_add(faults, "must be a type's name, or an array of such");
		return all;
	}
	cJSON_ArrayForEach(item, value)
	{
		unsigned type = type_named(item);

		if (!type || all & type) {
			faults_add(faults, type ? "names a type twice" : "names an unknown type");
			return 0;
		}
		all |= type;
	}
	if (!all)
		faults_add(faults, "must name at least one type");
	return all;
}
