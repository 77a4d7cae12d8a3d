#include "link/mqtt_reason.h"

#include <stddef.h>

static const struct {
	int code;
	const char *text;
} reasons[] = {
    {0x00, "success"},
    {0x01, "unacceptable protocol version (a broker without MQTT 5)"}, /* of MQTT 3.1.1 */
    {0x04, "disconnect with will message"},
    {0x10, "no matching subscribers"},
    {0x11, "no subscription existed"},
    {0x80, "unspecified error"},
    {0x81, "malformed packet"},
    {0x82, "protocol error"},
    {0x83, "implementation specific error"},
    {0x84, "unsupported protocol version (a broker without MQTT 5)"},
    {0x85, "client identifier not valid"},
    {0x86, "bad user name or password"},
    {0x87, "not authorized"},
    {0x88, "server unavailable"},
    {0x89, "server busy"},
    {0x8a, "banned"},
    {0x8b, "server shutting down"},
    {0x8c, "bad authentication method"},
    {0x8d, "keep alive timeout"},
    {0x8e, "session taken over"},
    {0x8f, "topic filter invalid"},
    {0x90, "topic name invalid"},
    {0x91, "packet identifier in use"},
    {0x92, "packet identifier not found"},
    {0x93, "receive maximum exceeded"},
    {0x94, "topic alias invalid"},
    {0x95, "packet too large"},
    {0x96, "message rate too high"},
    {0x97, "quota exceeded"},
    {0x98, "administrative action"},
    {0x99, "payload format invalid"},
    {0x9a, "retain not supported"},
    {0x9b, "QoS not supported"},
    {0x9c, "use another server"},
    {0x9d, "server moved"},
    {0x9e, "shared subscriptions not supported"},
    {0x9f, "connection rate exceeded"},
    {0xa0, "maximum connect time"},
    {0xa1, "subscription identifiers not supported"},
    {0xa2, "wildcard subscriptions not supported"},
};

const char *mqtt_reason_text(int code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].code == code)
			return reasons[i].text;
	}
	return "unknown reason";
}

bool mqtt_reason_is_denied(int code)
{
	switch (code) {
	case 0x86: /* bad user name or password */
	case 0x87: /* not authorized */
	case 0x8a: /* banned */
	case 0x8c: /* bad authentication method */
		return true;
	default:
		return false;
	}
}

bool mqtt_reason_is_transient(int code)
{
	switch (code) {
	case 0x00: /* normal disconnection */
	case 0x80: /* unspecified error */
	case 0x83: /* implementation specific error */
	case 0x88: /* server unavailable */
	case 0x89: /* server busy */
	case 0x8b: /* server shutting down */
	case 0x8d: /* keep alive timeout */
	case 0x96: /* message rate too high */
	case 0x97: /* quota exceeded */
	case 0x98: /* administrative action */
	case 0x9f: /* connection rate exceeded */
	case 0xa0: /* maximum connect time */
		return true;
	default:
		return false;
	}
}
