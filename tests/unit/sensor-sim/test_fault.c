#include "../unit.h"

#include "../../../cmd/sensor-sim/fault.h"
#include "../../../cmd/sensor-sim/fleet.h"

#include "base/clock.h"
#include "record/record.h"

static struct fleet_plan plan_of(enum sensor_type type, enum fleet_format format)
{
	return (struct fleet_plan){.sensors = 1,
	                           .types = {(unsigned char)type},
	                           .type_count = 1,
	                           .format = format,
	                           .simulated = true,
	                           .start = INT64_C(1767225600) * CLOCK_SECOND,
	                           .interval = CLOCK_SECOND};
}

/* Whatever is wrong with the message, the record that carries it is sound. */
static void check_fault(size_t kind, enum sensor_type type, enum fleet_format format)
{
	struct fleet_plan plan = plan_of(type, format);
	struct buf sound = {0}, spoilt = {0}, topic = {0}, payload = {0}, scratch = {0};
	struct record_error error;
	struct message m;
	struct fleet f;
	struct draft d;

	fleet_init(&f, &plan);
	assert_true(fleet_next(&f, &d));
	draft_append(&sound, &d, 0, &topic, &payload);
	fault_apply(kind, &d);
	draft_append(&spoilt, &d, 0, &topic, &payload);
	assert_false(slice_equal(buf_slice(&sound), buf_slice(&spoilt)));
	assert_int_equal(spoilt.ptr[spoilt.len - 1], '\n');
	assert_int_equal(
	    message_parse((struct slice){spoilt.ptr, spoilt.len - 1}, &scratch, &m, &error), 0);
	assert_true(m.received == d.received);
	fleet_free(&f);
	buf_free(&sound);
	buf_free(&spoilt);
	buf_free(&topic);
	buf_free(&payload);
	buf_free(&scratch);
}

static void every_fault_spoils_every_type_in_either_format(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < fault_kinds(); kind++)
		for (int type = 0; type < SENSOR_TYPES; type++) {
			check_fault(kind, (enum sensor_type)type, FLEET_JSON);
			check_fault(kind, (enum sensor_type)type, FLEET_PROTOBUF);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_fault_spoils_every_type_in_either_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
