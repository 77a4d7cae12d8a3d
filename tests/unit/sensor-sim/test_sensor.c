#include "../unit.h"

#include "../../../cmd/sensor-sim/sensor.h"

#include "base/clock.h"

#define NEW_YEAR (INT64_C(1767225600) * CLOCK_SECOND) /* 2026-01-01T00:00:00Z */
#define DAY      (86400 * CLOCK_SECOND)

enum { SENSORS = 25 };

static const struct sample_metric *find(const struct sample *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (slice_is(s->metrics[i].name, name))
			return &s->metrics[i];
	return NULL;
}

static double value(const struct sample_metric *m)
{
	return (double)m->scaled / sample_scale(m->decimals);
}

/* What the schemas of each type allow. */
static const struct range {
	enum sensor_type type;
	const char *name;
	double low, high;
	bool always;
} ranges[] = {
    {SENSOR_CLIMATE, "temperature", -60, 85, true},
    {SENSOR_CLIMATE, "humidity", 0, 100, true},
    {SENSOR_CLIMATE, "pressure", 300, 1200, true},
    {SENSOR_CLIMATE, "battery", 0, 100, false},
    {SENSOR_POWER, "voltage", 0, 1000, true},
    {SENSOR_POWER, "current", -1000, 1000, true},
    {SENSOR_POWER, "power", 0, 10000, true},
    {SENSOR_POWER, "energy", 0, 1e9, true},
    {SENSOR_POWER, "frequency", 40, 70, true},
    {SENSOR_VIBRATION, "rms_x", 0, 500, true},
    {SENSOR_VIBRATION, "rms_y", 0, 500, true},
    {SENSOR_VIBRATION, "rms_z", 0, 500, true},
    {SENSOR_VIBRATION, "peak", 0, 500, true},
    {SENSOR_VIBRATION, "temperature", -40, 125, true},
    {SENSOR_LEVEL, "level", 0, 100, true},
    {SENSOR_LEVEL, "volume", 0, 1e6, true},
    {SENSOR_DOOR, "opens", 0, 1e9, true},
    {SENSOR_DOOR, "battery", 0, 100, true},
    {SENSOR_GPS, "latitude", -90, 90, true},
    {SENSOR_GPS, "longitude", -180, 180, true},
    {SENSOR_GPS, "altitude", -500, 9000, true},
    {SENSOR_GPS, "speed", 0, 340, true},
    {SENSOR_GPS, "satellites", 0, 64, true},
};

static void check_ranges(enum sensor_type type, const struct sample *s)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		const struct sample_metric *m;

		if (ranges[i].type != type)
			continue;
		m = find(s, ranges[i].name);
		assert_true(m || !ranges[i].always);
		if (!m)
			continue;
		assert_int_equal(m->kind, SAMPLE_NUMBER);
		assert_true(value(m) >= ranges[i].low && value(m) <= ranges[i].high);
	}
}

/* Also with steps of a day, in which a walk must not run away, and before the counters' era. */
static void values_stay_within_what_the_schemas_allow(void **state)
{
	static const int64_t steps[] = {DAY / 500, DAY, 1};
	static const int64_t starts[] = {NEW_YEAR, NEW_YEAR, -30 * 365 * DAY};

	(void)state;
	for (int type = 0; type < SENSOR_TYPES; type++) {
		for (uint32_t number = 0; number < SENSORS; number++) {
			for (int run = 0; run < 3; run++) {
				struct sensor s;
				struct sample sample;

				sensor_init(&s, (enum sensor_type)type, number, 42);
				for (int64_t k = 0; k < 500; k++) {
					sensor_measure(&s, starts[run] + k * steps[run], &sample);
					check_ranges(s.type, &sample);
				}
			}
		}
	}
}

/* Measures all day and again in a second run from noon on: counters must not go back in either. */
static void check_counter(enum sensor_type type, const char *name)
{
	for (uint32_t number = 0; number < SENSORS; number++) {
		struct sensor first, second;
		struct sample sample;
		int64_t before = -1, grown = 0;

		sensor_init(&first, type, number, 42);
		sensor_init(&second, type, number, 42);
		for (int64_t k = 0; k < 1440; k++) {
			struct sensor *s = k < 720 ? &first : &second;
			const struct sample_metric *m;

			sensor_measure(s, NEW_YEAR + k * DAY / 1440, &sample);
			m = find(&sample, name);
			assert_non_null(m);
			assert_true(m->scaled >= before);
			grown += m->scaled > before;
			before = m->scaled;
		}
		assert_true(grown > 20);
	}
}

static void counters_only_grow(void **state)
{
	(void)state;
	check_counter(SENSOR_POWER, "energy");
	check_counter(SENSOR_DOOR, "opens");
}

/* A door that is open was opened: the counter steps exactly when the state goes to open. */
static void a_door_counts_its_openings(void **state)
{
	struct sensor s;
	struct sample sample;
	bool was_open = false;
	int64_t count = -1;

	(void)state;
	sensor_init(&s, SENSOR_DOOR, 3, 1);
	for (int64_t second = 0; second < 86400; second++) {
		bool open;
		int64_t opens;

		sensor_measure(&s, NEW_YEAR + second * CLOCK_SECOND, &sample);
		open = find(&sample, "open")->flag;
		opens = find(&sample, "opens")->scaled;
		if (count >= 0)
			assert_int_equal(opens - count, open && !was_open);
		was_open = open;
		count = opens;
	}
}

static void a_day_is_warmer_in_the_afternoon(void **state)
{
	struct sensor s;
	struct sample night, afternoon;

	(void)state;
	sensor_init(&s, SENSOR_CLIMATE, 0, 1);
	sensor_measure(&s, NEW_YEAR + 3 * DAY / 24, &night);
	sensor_measure(&s, NEW_YEAR + 15 * DAY / 24, &afternoon);
	assert_true(value(find(&afternoon, "temperature")) >
	            value(find(&night, "temperature")) + 5);
}

static void same_seed_same_values(void **state)
{
	struct sensor a, b, other;
	struct sample x = {0}, y = {0}, z = {0};

	(void)state;
	sensor_init(&a, SENSOR_POWER, 5, 9);
	sensor_init(&b, SENSOR_POWER, 5, 9);
	sensor_init(&other, SENSOR_POWER, 5, 10);
	sensor_measure(&a, NEW_YEAR, &x);
	sensor_measure(&b, NEW_YEAR, &y);
	sensor_measure(&other, NEW_YEAR, &z);
	for (size_t i = 0; i < x.count; i++)
		assert_true(x.metrics[i].scaled == y.metrics[i].scaled);
	assert_true(x.metrics[3].scaled != z.metrics[3].scaled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_stay_within_what_the_schemas_allow),
	    cmocka_unit_test(counters_only_grow),
	    cmocka_unit_test(a_door_counts_its_openings),
	    cmocka_unit_test(a_day_is_warmer_in_the_afternoon),
	    cmocka_unit_test(same_seed_same_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
