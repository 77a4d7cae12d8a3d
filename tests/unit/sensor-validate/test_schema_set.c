#include "../unit.h"

#include "../../../cmd/sensor-validate/schema_file.h"
#include "../../../cmd/sensor-validate/schema_set.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/test_schema_set.XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	strcpy(strrchr(dir, '.'), ".XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int remove_dir(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Writes dir/TYPE/FILE. */
static void put(const char *type, const char *file, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, type);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%s/%s", dir, type, file);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* The only fault of the directory ends with `fault`. */
static void assert_fault(const char *fault)
{
	struct faults faults = {0};
	const char *lines;

	assert_null(schema_set_load(dir, &faults));
	assert_int_equal(faults.count, 1);
	lines = buf_string(&faults.lines);
	assert_true(slice_starts_with(slice_of(lines), slice_of(dir)));
	assert_string_equal(lines + strlen(dir), fault);
	faults_free(&faults);
}

static struct schema_set *load(void)
{
	struct faults faults = {0};
	struct schema_set *set = schema_set_load(dir, &faults);

	if (!set)
		fail_msg("%s", buf_string(&faults.lines));
	faults_free(&faults);
	return set;
}

static void finds_by_type_and_version(void **state)
{
	struct schema_set *set;
	struct schema *a1, *a2, *b1;
	bool known;

	(void)state;
	put("a", "1.json", "{\"maxProperties\":1}");
	put("a", "2.json", "{\"maxProperties\":2}");
	put("b", "1.json", "{\"maxProperties\":3}");
	set = load();
	assert_int_equal(schema_set_count(set), 3);
	for (int twice = 0; twice < 2; twice++) {
		a1 = schema_set_find(set, SLICE("a"), SLICE("1"), &known);
		assert_true(a1 && known && a1->root.object->max_properties == 1);
		a2 = schema_set_find(set, SLICE("a"), SLICE("2"), &known);
		assert_true(a2 && known && a2->root.object->max_properties == 2);
		b1 = schema_set_find(set, SLICE("b"), SLICE("1"), &known);
		assert_true(b1 && known && b1->root.object->max_properties == 3);
		assert_ptr_equal(schema_set_find(set, SLICE("b"), SLICE(""), &known), b1);
		assert_null(schema_set_find(set, SLICE("b"), SLICE("2"), &known));
		assert_true(known);
		assert_null(schema_set_find(set, SLICE("b"), SLICE("01"), &known));
		assert_null(schema_set_find(set, SLICE("c"), SLICE("1"), &known));
		assert_false(known);
		assert_null(schema_set_find(set, SLICE("../a"), SLICE("1"), &known));
		assert_false(known);
	}
	schema_set_free(set);
}

static void hidden_files_are_passed_over(void **state)
{
	struct schema_set *set;

	(void)state;
	put("a", "1.json", "{}");
	put("a", "1.json~", "{");
	put("a", ".1.json.swp", "{");
	put(".git", "1.json", "{");
	set = load();
	assert_int_equal(schema_set_count(set), 1);
	schema_set_free(set);
}

static void an_empty_directory(void **state)
{
	(void)state;
	assert_fault(": holds no TYPE/VERSION.json\n");
}

static void an_empty_type(void **state)
{
	char path[256];

	(void)state;
	put("a", "1.json", "{}");
	snprintf(path, sizeof(path), "%s/b", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_fault("/b: holds no VERSION.json\n");
}

static void a_file_that_is_misplaced(void **state)
{
	(void)state;
	put("a", "1.json", "{}");
	put(".", "b.json", "{}");
	assert_fault("/b.json: Not a directory\n");
}

static void a_file_that_is_misnamed(void **state)
{
	(void)state;
	put("a", "1.json", "{}");
	put("a", "2.JSON", "{}");
	assert_fault("/a/2.JSON: not named VERSION.json\n");
}

static void a_directory_for_a_file(void **state)
{
	(void)state;
	put("a", "1.json", "{}");
	put("a/2.json", "x", "");
	assert_fault("/a/2.json: not a file\n");
}

static void a_fault_within_a_file(void **state)
{
	(void)state;
	put("a", "1.json", "{}");
	put("b", "1.json", "{\"properties\":{\"x\":{\"minimum\":\"1\"}}}");
	assert_fault("/b/1.json#/properties/x/minimum: must be a number\n");
}

static void a_file_that_is_too_large(void **state)
{
	char *text = test_malloc(SCHEMA_FILE_MAX + 2);

	(void)state;
	memset(text, ' ', SCHEMA_FILE_MAX + 1);
	text[SCHEMA_FILE_MAX + 1] = '\0';
	put("a", "1.json", text);
	assert_fault("/a/1.json: over 1 MiB, the most a schema may have\n");
	test_free(text);
}

static void no_directory(void **state)
{
	struct faults faults = {0};

	(void)state;
	assert_null(schema_set_load("/nonexistent/schemas", &faults));
	assert_string_equal(buf_string(&faults.lines),
	                    "/nonexistent/schemas: No such file or directory\n");
	faults_free(&faults);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(finds_by_type_and_version), TEST(hidden_files_are_passed_over),
	    TEST(an_empty_directory),        TEST(an_empty_type),
	    TEST(a_file_that_is_misplaced),  TEST(a_file_that_is_misnamed),
	    TEST(a_directory_for_a_file),    TEST(a_fault_within_a_file),
	    TEST(a_file_that_is_too_large),  cmocka_unit_test(no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
