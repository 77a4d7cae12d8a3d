#include "../unit.h"

#include "../../../cmd/sensor-decode/topic.h"

/* type and sensor are NULL where the template has none; both empty: no match. */
static void test_templates(void **state)
{
	static const struct {
		const char *template, *topic, *type, *sensor;
	} cases[] = {
	    {"sensors/{type}/{sensor}", "sensors/climate/kitchen", "climate", "kitchen"},
	    {"sensors/{type}/{sensor}", "sensors/climate", "", ""},
	    {"sensors/{type}/{sensor}", "sensors/climate/kitchen/x", "", ""},
	    {"sensors/{type}/{sensor}", "sensors//kitchen", "", ""},
	    {"sensors/{type}/{sensor}", "sensors/climate/", "", ""},
	    {"sensors/{type}/{sensor}", "Sensors/climate/kitchen", "", ""},
	    {"{sensor}/up/{type}", "7/up/level", "level", "7"},
	    {"zigbee2mqtt/{sensor}", "zigbee2mqtt/lamp", NULL, "lamp"},
	    {"{type}/+/gw-{sensor}-x", "door/hall/gw-12-x", "door", "12"},
	    {"{type}/+/gw-{sensor}-x", "door/hall/gw--x", "", ""},
	    {"{type}/+/gw-{sensor}-x", "door/hall/gw-12-y", "", ""},
	    {"{type}/+/gw-{sensor}-x", "door/hall/12-x", "", ""},
	    {"aa{sensor}aa", "aaaa", NULL, ""},
	    {"plant/{type}/{sensor...}", "plant/power/hall/3/meter", "power", "hall/3/meter"},
	    {"plant/{type}/{sensor...}", "plant/power/meter", "power", "meter"},
	    {"plant/{type}/{sensor...}", "plant/power", "", ""},
	    {"plant/{type}/{sensor...}", "plant/power/", "", ""},
	    {"{type}/{sensor}/#", "level/tank/1/2", "level", "tank"},
	    {"{type}/{sensor}/#", "level/tank", "level", "tank"},
	    {"{type}/{sensor}", "$SYS/uptime", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct topic_template t;
		struct topic_names names;
		bool matches;

		assert_null(topic_template_read(slice_of(cases[i].template), &t));
		matches = topic_template_matches(&t, slice_of(cases[i].topic), &names);
		if (!cases[i].sensor[0]) {
			assert_false(matches);
			continue;
		}
		assert_true(matches);
		assert_true(cases[i].type ? slice_is(names.type, cases[i].type) : !names.type.ptr);
		assert_true(slice_is(names.sensor, cases[i].sensor));
	}
}

/* What no topic tells stands behind the template. */
static void test_constants(void **state)
{
	struct topic_template t;
	struct topic_names names;

	(void)state;
	assert_null(topic_template_read(SLICE("zigbee2mqtt/{sensor} type=climate"), &t));
	assert_true(topic_template_matches(&t, SLICE("zigbee2mqtt/attic"), &names));
	assert_slice(names.type, "climate");
	assert_slice(names.sensor, "attic");
	assert_null(names.metric.ptr);
	assert_null(names.schema.ptr);

	assert_null(topic_template_read(SLICE("a b/c metric=d=e schema=2 sensor=s"), &t));
	assert_true(topic_template_matches(&t, SLICE("a b/c"), &names));
	assert_slice(names.metric, "d=e");
	assert_slice(names.schema, "2");
	assert_slice(names.sensor, "s");
	assert_null(names.type.ptr);

	assert_null(topic_template_read(SLICE("my home/{sensor}/the {metric}"), &t));
	assert_true(t.tells && t.has_metric);
	assert_true(topic_template_matches(&t, SLICE("my home/x/the y"), &names));
	assert_slice(names.metric, "y");
	assert_false(topic_template_matches(&t, SLICE("my home/x/they"), &names));

	assert_null(topic_template_read(SLICE("a/+"), &t));
	assert_false(t.tells || t.has_metric);
}

static void test_template_faults(void **state)
{
	static const char *const cases[] = {
	    "",
	    "a/{name}",
	    "a/{type",
	    "a/type}/{sensor}",
	    "{type}{sensor}",
	    "{type}/{type}",
	    "{sensor}/{sensor...}",
	    "{sensor...}/{type}",
	    "{type}/{sensor...}x",
	    "{type}/#/{sensor}",
	    "{type}/a+/{sensor}",
	    "{metric}/{metric}",
	    "{type...}",
	    " type=a",
	    "z/{sensor} type=",
	    "z/{sensor} typ=a",
	    "z/{type} type=a",
	    "z/{sensor...} sensor=a",
	    "z/{sensor} type=a type=b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct topic_template t;

		if (!topic_template_read(slice_of(cases[i]), &t))
			fail_msg("taken: '%s'", cases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_templates),
	    cmocka_unit_test(test_constants),
	    cmocka_unit_test(test_template_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
