#include "schema_text.h"

#include "exact.h"

#include "text/json.h"
#include "text/number.h"

#include <stdbool.h>

/* cJSON reads numbers through a buffer of 64 bytes. */
enum { NUMBER_TEXT_MAX = 60 };

/* A raw string stands for a NUL among others. */
static bool has_nul(struct slice raw, struct buf *scratch)
{
	buf_clear(scratch);
	json_unescape(raw, scratch);
	return scratch->len > 0 && memchr(scratch->ptr, '\0', scratch->len);
}

/* NULL, or what is wrong with a number. */
static const char *number_fault(struct slice text, struct buf *scratch)
{
	struct exact as_written = {.text = text}, as_kept;

	if (text.len > NUMBER_TEXT_MAX)
		return "a number of more than 60 characters";
	if (number_parse(text, &as_written.value) < 0)
		return "a number beyond the range of a double";
	buf_clear(scratch);
	number_append(scratch, as_written.value);
	as_kept = (struct exact){as_written.value, buf_slice(scratch)};
	if (exact_compare(as_written, as_kept) != 0)
		return "a number with more digits than a double holds";
	return NULL;
}

/* The grammar, and what a tree of cJSON cannot hold. */
static int scan(struct slice text, struct faults *faults)
{
	struct buf scratch = {0};
	const char *fault = NULL;
	size_t at = 0;
	enum json_token token;
	struct json json;

	json_init(&json, text, SCHEMA_DEPTH_MAX);
	do {
		token = json_next(&json);
		if (token == JSON_ERROR) {
			fault = json.error;
			at = json.error_at;
			break;
		}
		if ((token == JSON_NAME || token == JSON_STRING) && json.escaped &&
		    has_nul(json.text, &scratch))
			fault = "a string with a NUL character";
		else if (token == JSON_NUMBER)
			fault = number_fault(json.text, &scratch);
		at = (size_t)(json.text.ptr - text.ptr);
	} while (!fault && token != JSON_END);
	buf_free(&scratch);
	if (!fault)
		return 0;
	faults_add_at(faults, text, at, fault);
	return -1;
}

static void check_duplicates(const cJSON *object, struct faults *faults)
{
	for (const cJSON *a = object->child; a; a = a->next) {
		for (const cJSON *b = object->child; b != a; b = b->next) {
			if (strcmp(a->string, b->string) == 0) {
				size_t mark = faults_enter(faults, a->string);

				faults_add(faults, "this name is given twice");
				faults_leave(faults, mark);
				break;
			}
		}
	}
}

/* Names and sizes of all containers; the scan has bounded the depth. */
static void check_containers(const cJSON *node, struct faults *faults)
{
	size_t count = 0;

	for (const cJSON *child = node->child; child; child = child->next, count++) {
		size_t mark = cJSON_IsObject(node) ? faults_enter(faults, child->string)
		                                   : faults_enter_index(faults, count);

		check_containers(child, faults);
		faults_leave(faults, mark);
	}
	if (count > SCHEMA_MEMBERS_MAX)
		faults_add(faults, "more than %d members", SCHEMA_MEMBERS_MAX);
	else if (cJSON_IsObject(node))
		check_duplicates(node, faults);
}

cJSON *schema_text_parse(struct slice text, struct faults *faults)
{
	unsigned before = faults->count;
	cJSON *tree;

	if (scan(text, faults) < 0)
		return NULL;
	tree = cJSON_ParseWithLength(text.ptr, text.len);
	if (!tree) {
		faults_add(faults, "cannot be parsed: out of memory?");
		return NULL;
	}
	check_containers(tree, faults);
	if (faults->count == before)
		return tree;
	cJSON_Delete(tree);
	return NULL;
}
