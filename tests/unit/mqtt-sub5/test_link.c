/* What the MQTT link knows without a broker: topic filters, reason codes, the backoff, URLs. */
#include "../unit.h"
#include "link/backoff.h"
#include "link/mqtt_options.h"
#include "link/mqtt_reason.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void filters_are_checked(void **state)
{
	static const char *const sound[] = {"a",     "/",  "#",          "+",  "a/#",
	                                    "+/b/+", "/+", "$share/g/a", "a b"};
	static const char *const wrong[] = {"", "a#", "a/#/b", "a+", "+a/b", "a/b+", "#/", "\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); i++)
		assert_null(mqtt_filter_fault(slice_of(sound[i])));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_non_null(mqtt_filter_fault(slice_of(wrong[i])));
	assert_non_null(mqtt_filter_fault(SLICE("a\0b")));
}

static void topics_are_checked(void **state)
{
	static char longest[65536];

	(void)state;
	assert_null(mqtt_topic_fault(SLICE("a/b")));
	assert_non_null(mqtt_topic_fault(SLICE("a/+")));
	assert_non_null(mqtt_topic_fault(SLICE("a/#")));
	assert_non_null(mqtt_topic_fault(SLICE("")));
	memset(longest, 'x', sizeof(longest));
	assert_null(mqtt_topic_fault((struct slice){longest, 65535}));
	assert_non_null(mqtt_topic_fault((struct slice){longest, 65536}));
}

static void reasons_have_words(void **state)
{
	(void)state;
	assert_string_equal(mqtt_reason_text(0x87), "not authorized");
	assert_string_equal(mqtt_reason_text(0x10), "no matching subscribers");
	assert_string_equal(mqtt_reason_text(0xfe), "unknown reason");
	for (int code = 0x80; code <= 0xa2; code++)
		assert_string_not_equal(mqtt_reason_text(code), "unknown reason");
	for (int code = 0; code < 256; code++)
		assert_false(mqtt_reason_is_denied(code) && mqtt_reason_is_transient(code));
	assert_true(mqtt_reason_is_denied(0x86));
	assert_true(mqtt_reason_is_transient(0x88));
	assert_false(mqtt_reason_is_transient(MQTT_REASON_SESSION_TAKEN_OVER));
}

static void backoff_grows_to_its_bound(void **state)
{
	struct backoff b = {0};
	int64_t longest = 0, most = BACKOFF_BASE;

	(void)state;
	for (int i = 0; i < 200; i++) {
		int64_t wait = backoff_next(&b);

		assert_in_range(wait, BACKOFF_MIN, most);
		longest = wait > longest ? wait : longest;
		most = 2 * most < BACKOFF_MAX ? 2 * most : BACKOFF_MAX;
	}
	/* That none of 194 full-range waits is beyond the half has a chance of 2^-194. */
	assert_true(longest > BACKOFF_MAX / 2);
	backoff_reset(&b);
	assert_in_range(backoff_next(&b), BACKOFF_MIN, BACKOFF_BASE);
}

static void take_url(struct mqtt_options *o, const char *url)
{
	mqtt_options_init(o);
	assert_true(mqtt_options_take(o, 'L', url));
	mqtt_options_check(o, "unit-");
}

static void urls_are_taken_apart(void **state)
{
	struct mqtt_options o;

	(void)state;
	take_url(&o, "mqtt://broker");
	assert_string_equal(o.host, "broker");
	assert_int_equal(o.port, 1883);
	assert_false(o.tls);
	assert_null(o.url_topic);
	assert_null(o.username);
	assert_int_equal(strlen(o.client_id), strlen("unit-") + 8);
	mqtt_options_free(&o);

	take_url(&o, "mqtts://anna@broker.example/a/+/#");
	assert_string_equal(o.host, "broker.example");
	assert_string_equal(o.username, "anna");
	assert_int_equal(o.port, 8883);
	assert_true(o.tls);
	assert_string_equal(o.url_topic, "a/+/#");
	mqtt_options_free(&o);

	take_url(&o, "mqtt://[::1]:1884/x");
	assert_string_equal(o.host, "::1");
	assert_int_equal(o.port, 1884);
	assert_string_equal(o.url_topic, "x");
	mqtt_options_free(&o);
}

static void any_tls_option_asks_for_tls(void **state)
{
	struct mqtt_options o;

	(void)state;
	mqtt_options_init(&o);
	assert_true(mqtt_options_take(&o, MQTT_OPT_CAPATH, "/etc/ssl/certs"));
	mqtt_options_check(&o, "unit-");
	assert_true(o.tls);
	assert_int_equal(o.port, 8883);
	assert_false(mqtt_options_take(&o, 'Z', NULL));
	mqtt_options_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(filters_are_checked),  cmocka_unit_test(topics_are_checked),
	    cmocka_unit_test(reasons_have_words),   cmocka_unit_test(backoff_grows_to_its_bound),
	    cmocka_unit_test(urls_are_taken_apart), cmocka_unit_test(any_tls_option_asks_for_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
