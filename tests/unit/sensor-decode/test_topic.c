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
		struct topic_names names;
		bool matches = topic_template_matches(slice_of(cases[i].template),
		                                      slice_of(cases[i].topic), &names);

		assert_null(topic_template_fault(slice_of(cases[i].template)));
		if (!cases[i].sensor[0]) {
			assert_false(matches);
			continue;
		}
		assert_true(matches);
		assert_true(cases[i].type ? slice_is(names.type, cases[i].type) : !names.type.ptr);
		assert_true(slice_is(names.sensor, cases[i].sensor));
	}
}

static void test_template_faults(void **state)
{
	static const char *const cases[] = {
	    "",
	    "a/b",
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
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!topic_template_fault(slice_of(cases[i])))
			fail_msg("taken: '%s'", cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_templates),
	    cmocka_unit_test(test_template_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
