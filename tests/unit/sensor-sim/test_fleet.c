#include "../unit.h"

#include "../../../cmd/sensor-sim/fleet.h"

#include "base/clock.h"

#define NEW_YEAR (INT64_C(1767225600) * CLOCK_SECOND) /* 2026-01-01T00:00:00Z */

static struct fleet_plan plan_of(size_t sensors)
{
	return (struct fleet_plan){.sensors = sensors,
	                           .types = {SENSOR_CLIMATE, SENSOR_DOOR, SENSOR_CLIMATE},
	                           .type_count = 3,
	                           .seed = 1,
	                           .simulated = true,
	                           .start = NEW_YEAR,
	                           .interval = 10 * CLOCK_SECOND};
}

/* 7 does not divide the interval: rounding must not add up over the rounds. */
static void messages_are_spread_over_the_interval(void **state)
{
	struct fleet_plan plan = plan_of(7);
	struct fleet f;
	struct draft d;

	(void)state;
	fleet_init(&f, &plan);
	for (int64_t k = 0; k < 7000; k++) {
		assert_true(fleet_next(&f, &d));
		assert_int_equal(d.received,
		                 NEW_YEAR + k / 7 * plan.interval + k % 7 * plan.interval / 7);
		assert_int_equal(d.sample.time, d.received);
	}
	fleet_free(&f);
}

static void sensors_take_turns_by_the_list_of_types(void **state)
{
	struct fleet_plan plan = plan_of(4);
	struct fleet f;
	struct draft d;

	(void)state;
	fleet_init(&f, &plan);
	fleet_next(&f, &d);
	assert_slice(d.type, "climate");
	assert_slice(d.id, "sim-000000");
	fleet_next(&f, &d);
	assert_slice(d.type, "door");
	assert_slice(d.id, "sim-000001");
	fleet_next(&f, &d);
	assert_slice(d.type, "climate");
	fleet_next(&f, &d);
	assert_slice(d.type, "climate");
	assert_slice(d.id, "sim-000003");
	fleet_next(&f, &d);
	assert_slice(d.id, "sim-000000");
	fleet_free(&f);
}

/* One sensor by the real clock, faster than the clock ticks. */
static void times_of_a_sensor_are_unique(void **state)
{
	struct fleet_plan plan = plan_of(1);
	struct fleet f;
	struct draft d;
	int64_t last = 0;

	(void)state;
	plan.simulated = false;
	fleet_init(&f, &plan);
	for (int k = 0; k < 10000; k++) {
		assert_true(fleet_next(&f, &d));
		assert_true(d.sample.time > last);
		last = d.sample.time;
	}
	fleet_free(&f);
}

static void the_shortest_interval_keeps_times_unique(void **state)
{
	struct fleet_plan plan = plan_of(3);
	struct fleet f;
	struct draft d;
	int64_t last[3] = {0};

	(void)state;
	plan.interval = 1;
	fleet_init(&f, &plan);
	for (int k = 0; k < 300; k++) {
		assert_true(fleet_next(&f, &d));
		assert_true(d.sample.time > last[k % 3]);
		last[k % 3] = d.sample.time;
	}
	fleet_free(&f);
}

static void a_mixed_fleet_has_half_of_each_type_in_each_format(void **state)
{
	struct fleet_plan plan = plan_of(600);
	struct fleet f;
	struct draft d;
	int json[2] = {0}, all[2] = {0};

	(void)state;
	plan.format = FLEET_MIXED;
	fleet_init(&f, &plan);
	for (int k = 0; k < 600; k++) {
		int door;

		fleet_next(&f, &d);
		door = slice_is(d.type, "door");
		all[door]++;
		json[door] += d.format == PAYLOAD_JSON;
		assert_true(slice_is(d.content_type, d.format == PAYLOAD_JSON
		                                         ? "application/json"
		                                         : "application/protobuf"));
	}
	assert_int_equal(json[0] * 2, all[0]);
	assert_int_equal(json[1] * 2, all[1]);
	fleet_free(&f);
}

/* A sensor's values do not depend on how large the fleet is. */
static void a_larger_fleet_changes_no_sensor(void **state)
{
	struct fleet_plan small = plan_of(3), large = plan_of(30);
	struct fleet a, b;
	struct draft x, y;

	(void)state;
	large.interval = 10 * small.interval;
	fleet_init(&a, &small);
	fleet_init(&b, &large);
	for (int k = 0; k < 3; k++) {
		fleet_next(&a, &x);
		fleet_next(&b, &y);
		assert_int_equal(x.sample.count, y.sample.count);
		for (size_t i = 0; i < x.sample.count; i++)
			assert_true(x.sample.metrics[i].scaled == y.sample.metrics[i].scaled);
	}
	fleet_free(&a);
	fleet_free(&b);
}

static void ends_with_the_year_9999(void **state)
{
	struct fleet_plan plan = plan_of(1);
	struct fleet f;
	struct draft d;

	(void)state;
	plan.start = CLOCK_MAX - 25 * CLOCK_SECOND;
	fleet_init(&f, &plan);
	assert_true(fleet_next(&f, &d));
	assert_true(fleet_next(&f, &d));
	assert_true(fleet_next(&f, &d));
	assert_false(fleet_next(&f, &d));
	fleet_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_are_spread_over_the_interval),
	    cmocka_unit_test(sensors_take_turns_by_the_list_of_types),
	    cmocka_unit_test(times_of_a_sensor_are_unique),
	    cmocka_unit_test(the_shortest_interval_keeps_times_unique),
	    cmocka_unit_test(a_mixed_fleet_has_half_of_each_type_in_each_format),
	    cmocka_unit_test(a_larger_fleet_changes_no_sensor),
	    cmocka_unit_test(ends_with_the_year_9999),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
