/* mqtt_message: records to publications, and arrived messages to records, without a broker. */
#include "../unit.h"
#include "link/mqtt_message.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static struct message example(const char *properties)
{
	return (struct message){
	    .qos = 2,
	    .retained = true,
	    .topic = SLICE("a/b"),
	    .content_type = SLICE("text/plain"),
	    .properties = slice_of(properties),
	    .payload = SLICE("x\0y"),
	};
}

/* All that a record holds is in the publication, and comes back when that arrives. */
static void a_record_comes_back(void **state)
{
	static const char properties[] =
	    "b=1&a=%C3%A9+%26&b=2&mqtt.payload-format-indicator=1&"
	    "mqtt.message-expiry-interval=4294967295&mqtt.response-topic=r%2Ft&"
	    "mqtt.correlation-data=%00%FF&=&.mqtt.own=x";
	struct message from = example(properties), to;
	struct mqtt_outgoing o = {0};
	struct buf scratch = {0};

	(void)state;
	assert_null(mqtt_message_prepare(&o, &from));
	assert_string_equal(o.topic, "a/b");
	mqtt_message_arrived(o.topic, 0, &o.message, &scratch, &to);
	assert_int_equal(to.qos, 2);
	assert_true(to.retained);
	assert_slice(to.topic, "a/b");
	assert_slice(to.content_type, "text/plain");
	assert_slice(to.payload, "x\0y");
	assert_slice(to.properties, properties);

	/* Used again, nothing of the first is left. */
	from = example("c=3");
	from.content_type = (struct slice){0};
	assert_null(mqtt_message_prepare(&o, &from));
	mqtt_message_arrived(o.topic, 3, &o.message, &scratch, &to);
	assert_slice(to.properties, "c=3");
	assert_int_equal(to.content_type.len, 0);
	mqtt_outgoing_free(&o);
	buf_free(&scratch);
}

static void a_subscription_identifier_is_only_received(void **state)
{
	MQTTProperty identifier = {
	    .identifier = MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER,
	    .value.integer4 = 268435455,
	};
	MQTTAsync_message arrived = MQTTAsync_message_initializer;
	struct message from = example("mqtt.subscription-identifier=7"), to;
	struct mqtt_outgoing o = {0};
	struct buf scratch = {0};

	(void)state;
	assert_null(mqtt_message_prepare(&o, &from));
	assert_int_equal(MQTTProperties_propertyCount(&o.message.properties,
	                                              MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER),
	                 0);
	arrived.properties.count = 1;
	arrived.properties.array = &identifier;
	mqtt_message_arrived("t", 0, &arrived, &scratch, &to);
	assert_slice(to.properties, "mqtt.subscription-identifier=268435455");
	mqtt_outgoing_free(&o);
	buf_free(&scratch);
}

static void what_mqtt_forbids_is_not_published(void **state)
{
	static const char *const wrong[] = {
	    "mqtt.payload-format-indicator=2",
	    "mqtt.payload-format-indicator=",
	    "mqtt.message-expiry-interval=4294967296",
	    "mqtt.message-expiry-interval=-1",
	    "mqtt.message-expiry-interval=1s",
	    "mqtt.response-topic=a%2F%23",
	    "mqtt.response-topic=",
	    "mqtt.topic-alias=1",
	    "a=%FF",
	    "a%00=1",
	    "a",
	    "a=%4",
	};
	struct mqtt_outgoing o = {0};
	struct message m;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		m = example(wrong[i]);
		assert_non_null(mqtt_message_prepare(&o, &m));
	}
	m = example("");
	m.topic = SLICE("a/+");
	assert_non_null(mqtt_message_prepare(&o, &m));
	m = example("");
	m.content_type = SLICE("\xff");
	assert_non_null(mqtt_message_prepare(&o, &m));
	mqtt_outgoing_free(&o);
}

static void long_strings_have_a_bound(void **state)
{
	struct mqtt_outgoing o = {0};
	struct buf text = {0};
	struct message m;

	(void)state;
	buf_append_string(&text, "a=");
	for (int i = 0; i < 65535; i++)
		buf_putc(&text, 'x');
	m = example(buf_string(&text));
	assert_null(mqtt_message_prepare(&o, &m));
	buf_putc(&text, 'x');
	m = example(buf_string(&text));
	assert_non_null(mqtt_message_prepare(&o, &m));
	mqtt_outgoing_free(&o);
	buf_free(&text);
}

/* The size is never below that of the packet, and over it by no more than the slack of the lengths.
 */
static void the_size_of_the_packet_is_known(void **state)
{
	struct message m = example("a=b&mqtt.correlation-data=xyz");
	struct mqtt_outgoing o = {0};
	/* topic, packet identifier, property length; properties: content type, user, correlation.
	 */
	size_t body = 2 + 3 + 2 + 1 + (1 + 2 + 10) + (1 + 2 + 1 + 2 + 1) + (1 + 2 + 3) + 3;

	(void)state;
	assert_null(mqtt_message_prepare(&o, &m));
	assert_in_range(o.packet_size, body + 2, body + 2 + 6);
	mqtt_outgoing_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_record_comes_back),
	    cmocka_unit_test(a_subscription_identifier_is_only_received),
	    cmocka_unit_test(what_mqtt_forbids_is_not_published),
	    cmocka_unit_test(long_strings_have_a_bound),
	    cmocka_unit_test(the_size_of_the_packet_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
