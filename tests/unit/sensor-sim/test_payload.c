#include "../unit.h"

#include "../../../cmd/sensor-sim/payload.h"

#include "payload/sensor.pb-c.h"

static struct sample example(void)
{
	struct sample s = {.time = INT64_C(1767268800123000)};

	sample_number(&s, SLICE("temperature"), -0.049, 2);
	sample_number(&s, SLICE("humidity"), 61.96, 1);
	sample_number(&s, SLICE("opens"), 239376, 0);
	sample_flag(&s, SLICE("open"), true);
	sample_text(&s, SLICE("status"), SLICE("ok"));
	return s;
}

static void writes_json_with_fixed_decimals(void **state)
{
	struct sample s = example();
	struct buf b = {0};

	(void)state;
	payload_append_json(&b, &s, 0);
	assert_slice(buf_slice(&b), "{\"ts\":1767268800123,\"temperature\":-0.05,\"humidity\":62.0,"
	                            "\"opens\":239376,\"open\":true,\"status\":\"ok\"}");
	buf_free(&b);
}

static void writes_a_fraction_of_a_millisecond(void **state)
{
	struct sample s = {.time = INT64_C(1767268800123045)};
	struct buf b = {0};

	(void)state;
	payload_append_json(&b, &s, 0);
	assert_slice(buf_slice(&b), "{\"ts\":1767268800123.045}");
	buf_free(&b);
}

static void json_is_padded_to_the_byte(void **state)
{
	struct sample s = example();
	struct buf b = {0};
	size_t bare;

	(void)state;
	payload_append_json(&b, &s, 0);
	bare = b.len;
	for (size_t want = bare; want <= 1000; want++) {
		buf_clear(&b);
		payload_append_json(&b, &s, want);
		/* Less than the room of `,"pad":""` stays as it is. */
		assert_int_equal(b.len, want < bare + 9 ? bare : want);
	}
	buf_free(&b);
}

static Sensorpipe__SensorMessage *unpack(const struct buf *b)
{
	return sensorpipe__sensor_message__unpack(NULL, b->len, (const uint8_t *)b->ptr);
}

static void writes_the_same_values_in_protobuf(void **state)
{
	struct sample s = example();
	struct buf b = {0};
	Sensorpipe__SensorMessage *m;
	Sensorpipe__Metric **metrics;

	(void)state;
	payload_append_protobuf(&b, &s, 0);
	m = unpack(&b);
	assert_non_null(m);
	assert_int_equal(m->n_readings, 1);
	assert_true(m->readings[0]->time_us == s.time);
	assert_int_equal(m->readings[0]->n_metrics, 5);
	metrics = m->readings[0]->metrics;
	assert_string_equal(metrics[0]->name, "temperature");
	assert_true(metrics[0]->number == -0.05);
	assert_true(metrics[1]->number == 62.0);
	assert_int_equal(metrics[2]->value_case, SENSORPIPE__METRIC__VALUE_INTEGER);
	assert_true(metrics[2]->integer == 239376);
	assert_true(metrics[3]->flag);
	assert_string_equal(metrics[4]->text, "ok");
	sensorpipe__sensor_message__free_unpacked(m, NULL);
	buf_free(&b);
}

static void protobuf_is_padded_to_about(void **state)
{
	struct sample s = example();
	struct buf b = {0};

	(void)state;
	for (size_t want = 200; want <= PAYLOAD_WANT_MAX; want++) {
		buf_clear(&b);
		payload_append_protobuf(&b, &s, want);
		assert_in_range(b.len, want - 8, want + 8);
	}
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_json_with_fixed_decimals),
	    cmocka_unit_test(writes_a_fraction_of_a_millisecond),
	    cmocka_unit_test(json_is_padded_to_the_byte),
	    cmocka_unit_test(writes_the_same_values_in_protobuf),
	    cmocka_unit_test(protobuf_is_padded_to_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
