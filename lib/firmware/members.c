#include "firmware/members.h"

enum {
	DEPTH = 2,       /* an object, and an array in it */
	DIGITS_MAX = 18, /* of an integer: they cannot overflow */
};

static size_t find(const struct member *members, size_t count, struct slice name)
{
	size_t i = 0;

	while (i < count && !slice_is(name, members[i].name))
		i++;
	return i;
}

const char *members_read(struct slice object, const struct member *members, size_t count, void *to)
{
	uint32_t seen = 0, all = count < MEMBERS_MAX ? (UINT32_C(1) << count) - 1 : UINT32_MAX;
	enum json_token token;
	const char *fault;
	struct json j;

	json_init(&j, object, DEPTH);
	if (json_next(&j) != JSON_OBJECT)
		return j.error ? j.error : "not a JSON object";
	while ((token = json_next(&j)) == JSON_NAME) {
		size_t i = find(members, count, j.text);

		if (i == count)
			return "a key that is not known";
		if (seen >> i & 1)
			return "a key is given twice";
		seen |= UINT32_C(1) << i;
		token = json_next(&j);
		fault = token == JSON_ERROR ? j.error : members[i].take(&j, token, to);
		if (fault)
			return fault;
		if (j.depth > 1)
			return "a value is nested"; /* and was not taken whole */
	}
	if (token != JSON_OBJECT_END || json_next(&j) != JSON_END)
		return j.error;
	return seen == all ? NULL : "a key is missing";
}

int members_integer(const struct json *j, enum json_token token, uint64_t *value)
{
	uint64_t n = 0;

	if (token != JSON_NUMBER || j->text.len > DIGITS_MAX)
		return -1;
	for (size_t i = 0; i < j->text.len; i++) {
		unsigned digit = (unsigned)(j->text.ptr[i] - '0');

		if (digit > 9)
			return -1;
		n = n * 10 + digit;
	}
	*value = n;
	return 0;
}
