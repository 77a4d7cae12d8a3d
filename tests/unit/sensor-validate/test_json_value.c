/* JSON texts as trees: what they hold, what is refused and where, and which of them are equal. */
#include "../unit.h"

#include "../../../cmd/sensor-validate/json_value.h"

static struct json_value *parse(struct json_tree *t, const char *text)
{
	return json_tree_parse(t, slice_of(text), 8, 100);
}

static void holds_what_is_written(void **state)
{
	struct json_tree t = {0};
	const struct json_value *v, *member;

	(void)state;
	v = parse(&t, " {\"b\\u00e9\" : [1.50, -0, \"x\\n\"], \"a\":null,\"\":{} } ");
	assert_non_null(v);
	assert_int_equal(v->kind, JSON_OBJECT);
	assert_int_equal(v->count, 3);
	assert_slice(v->text, "{\"b\\u00e9\" : [1.50, -0, \"x\\n\"], \"a\":null,\"\":{} }");
	assert_slice(v->sorted[0]->name, "");
	assert_slice(v->sorted[1]->name, "a");
	member = v->first;
	assert_ptr_equal(member, v->sorted[2]);
	assert_slice(member->name, "b\xc3\xa9");
	assert_slice(member->text, "[1.50, -0, \"x\\n\"]");
	assert_slice(member->first->text, "1.50");
	assert_true(member->first->number == 1.5);
	assert_slice(member->first->next->next->text, "\"x\\n\"");
	assert_slice(member->first->next->next->string, "x\n");
	assert_null(member->first->next->next->next);
	assert_int_equal(member->next->kind, JSON_NULL);
	json_tree_free(&t);
}

static void faults(void **state)
{
	static const struct {
		const char *text, *fault;
		size_t at;
	} cases[] = {
	    {"", "the text ends where a value should be", 0},
	    {"{\"a\":1,\"b\":2,\"\\u0061\":3}", "a name is given twice: this is its second value",
	     22},
	    {"[[1e999]]", "a number beyond the range of a double", 2},
	    {"[1] [", "something follows the value", 4},
	    {"{\"a\":[1,]}", "not a JSON value", 8},
	    {"[[[[[[[[[", "nested too deeply", 8},
	};
	struct json_tree t = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice copy = exact_copy(slice_of(cases[i].text));

		assert_null(json_tree_parse(&t, copy, 8, 100));
		assert_string_equal(t.fault, cases[i].fault);
		assert_int_equal(t.fault_at, cases[i].at);
		exact_free(copy);
	}
	json_tree_free(&t);
}

/* `members` members of an object, after `before`. */
static void append_members(struct buf *b, const char *before, int members)
{
	buf_clear(b);
	buf_append_string(b, before);
	for (int i = 0; i < members; i++)
		buf_printf(b, "%s\"%d\":%d", i ? "," : "{", i, i);
	buf_putc(b, '}');
}

static void bounds(void **state)
{
	struct json_tree t = {0};
	struct buf text = {0};

	(void)state;
	append_members(&text, "", 100);
	assert_non_null(json_tree_parse(&t, buf_slice(&text), 8, 100));
	append_members(&text, "", 101);
	assert_null(json_tree_parse(&t, buf_slice(&text), 8, 100));
	assert_string_equal(t.fault, "too many members in here");
	append_members(&text, " ", JSON_VALUES_MAX - 1);
	assert_non_null(json_tree_parse(&t, buf_slice(&text), 8, JSON_VALUES_MAX));
	append_members(&text, " ", JSON_VALUES_MAX);
	assert_null(json_tree_parse(&t, buf_slice(&text), 8, JSON_VALUES_MAX));
	assert_string_equal(t.fault, "more than 100000 values");
	/* The memory serves the next text. */
	assert_non_null(parse(&t, "[\"\\n\"]"));
	buf_free(&text);
	json_tree_free(&t);
}

static void equality(void **state)
{
	/* Values of different rows are different. */
	static const char *const rows[][3] = {
	    {"null"},
	    {"true"},
	    {"false"},
	    {"0", "-0.0", "0e99"},
	    {"1", "1.0", "10e-1"},
	    {"9007199254740992", "9007199254740992.0"},
	    {"9007199254740993"},
	    {"\"a\"", "\"\\u0061\""},
	    {"\"a\\u0000\""},
	    {"\"1\""},
	    {"\"\""},
	    {"[]", " [ ] "},
	    {"[0]", "[0.0]"},
	    {"[false]"},
	    {"[1,2]", "[1.0, 2]"},
	    {"[2,1]"},
	    {"[[1,2]]"},
	    {"{}"},
	    {"{\"a\":1,\"b\":[{}]}", "{\"b\":[{}],\"\\u0061\":1.0}"},
	    {"{\"a\":1,\"b\":[[]]}"},
	    {"{\"a\":1}"},
	    {"{\"b\":1}"},
	    {"{\"A\":1}"},
	    {"{\"a\":null}"},
	};
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct json_tree one = {0}, other = {0};

	(void)state;
	for (size_t i = 0; i < ROWS * 3; i++) {
		for (size_t k = 0; k < ROWS * 3; k++) {
			const char *a = rows[i / 3][i % 3], *b = rows[k / 3][k % 3];

			if (a && b &&
			    json_value_equal(parse(&one, a), parse(&other, b)) != (i / 3 == k / 3))
				fail_msg("%s and %s", a, b);
		}
	}
	json_tree_free(&one);
	json_tree_free(&other);
}

static void compact(void **state)
{
	struct buf out = {0};

	(void)state;
	json_append_compact(&out, SLICE("[ 1 ,\n\t\"a \\\" \\\\\" , {\"b c\" : null } ]"));
	assert_slice(buf_slice(&out), "[1,\"a \\\" \\\\\",{\"b c\":null}]");
	buf_free(&out);
}

static void pieces_of_a_pool(void **state)
{
	struct pool pool = {0};
	char *large;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 2000; i++) {
			char *piece = pool_zeroed(&pool, i, 1);

			for (size_t k = 0; k < i; k++)
				assert_int_equal(piece[k], 0);
			memset(piece, 'x', i);
			assert_int_equal((uintptr_t)piece % sizeof(void *), 0);
		}
		large = pool_zeroed(&pool, 3, POOL_CHUNK);
		memset(large, 'x', 3 * (size_t)POOL_CHUNK);
		assert_string_equal(pool_copy(&pool, SLICE("abc")).ptr, "abc");
		pool_reset(&pool);
	}
	pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holds_what_is_written),
	    cmocka_unit_test(faults),
	    cmocka_unit_test(bounds),
	    cmocka_unit_test(equality),
	    cmocka_unit_test(compact),
	    cmocka_unit_test(pieces_of_a_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
