/*
 * Looking up images: each is found, what is not there is not, and whether the model is known is
 * told of any version.
 */
#include "../unit.h"

#include "../../../cmd/fw-serve/catalog.h"

#include <stdio.h>

enum { MODELS = 7, VERSIONS = 5 };

static struct catalog_image images[MODELS * VERSIONS];
static struct catalog catalog = {.images = images};

/* Models m, mm, mmm, ..., so that each name begins as the next one; of the nth, n versions but not
 * more than VERSIONS. */
static int fill(void **state)
{
	(void)state;
	for (int i = 0; i < MODELS; i++)
		for (int v = 0; v <= i && v < VERSIONS; v++) {
			struct catalog_image *image = &images[catalog.count++];

			snprintf(image->model, sizeof(image->model), "%.*s", i + 1, "mmmmmmmm");
			snprintf(image->version, sizeof(image->version), "1.%d", 2 * v + 1);
		}
	return 0;
}

static void test_found(void **state)
{
	bool has_model;

	(void)state;
	for (size_t i = 0; i < catalog.count; i++) {
		struct slice model = exact_copy(slice_of(images[i].model));
		struct slice version = exact_copy(slice_of(images[i].version));

		assert_ptr_equal(catalog_find(&catalog, model, version, &has_model), &images[i]);
		assert_true(has_model);
		exact_free(model);
		exact_free(version);
	}
}

/* Before, between and after the versions there are. */
static void test_missing_version(void **state)
{
	static const char *const missing[] = {"0",   "1",   "1.",  "1.0",  "1.2",
	                                      "1.4", "1.6", "1.8", "1.99", "2"};
	bool has_model;

	(void)state;
	for (size_t i = 0; i < catalog.count; i++)
		for (size_t k = 0; k < sizeof(missing) / sizeof(missing[0]); k++) {
			assert_null(catalog_find(&catalog, slice_of(images[i].model),
			                         slice_of(missing[k]), &has_model));
			assert_true(has_model);
		}
}

static void test_missing_model(void **state)
{
	static const char *const missing[] = {"a", "l", "mmmmmmmm", "mma", "mn", "z", "M"};
	bool has_model;

	(void)state;
	for (size_t k = 0; k < sizeof(missing) / sizeof(missing[0]); k++) {
		assert_null(catalog_find(&catalog, slice_of(missing[k]), SLICE("1.1"), &has_model));
		assert_false(has_model);
	}
}

static void test_empty(void **state)
{
	const struct catalog none = {0};
	bool has_model = true;

	(void)state;
	assert_null(catalog_find(&none, SLICE("m"), SLICE("1.1"), &has_model));
	assert_false(has_model);
}

/* What is known of a file goes on where the manifest still tells of the same one. */
static void test_inherit(void **state)
{
	struct catalog_image before[] = {{.model = "m", .version = "1.1", .size = 5},
	                                 {.model = "mm", .version = "1.1", .size = 5}};
	struct catalog_image now[] = {{.model = "m", .version = "1.1", .size = 5},
	                              {.model = "mm", .version = "1.1", .size = 6},
	                              {.model = "mmm", .version = "1.1", .size = 5}};
	const struct catalog old = {.images = before, .count = 2};
	struct catalog new = {.images = now, .count = 3};

	(void)state;
	before[0].state = before[1].state = (struct image_state){
	    .judged = true, .good = true, .retry_at = 99};
	catalog_inherit(&new, &old);
	assert_true(now[0].state.judged && now[0].state.good);
	assert_int_equal(now[0].state.retry_at, 0);
	assert_false(now[1].state.judged);
	assert_false(now[2].state.judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found),         cmocka_unit_test(test_missing_version),
	    cmocka_unit_test(test_missing_model), cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_inherit),
	};

	return cmocka_run_group_tests(tests, fill, NULL);
}
