#include "content_type.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_word(struct slice s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

static bool ends_with(struct slice s, const char *word)
{
	size_t len = strlen(word);

	return s.len > len && strncasecmp(s.ptr + s.len - len, word, len) == 0;
}

/* Takes a token off the front of `rest`; empty when there is none. */
static struct slice take_token(struct slice *rest)
{
	struct slice token = {rest->ptr, 0};

	while (token.len < rest->len && is_token_char(rest->ptr[token.len]))
		token.len++;
	rest->ptr += token.len;
	rest->len -= token.len;
	return token;
}

static bool take_char(struct slice *rest, char c)
{
	if (rest->len == 0 || *rest->ptr != c)
		return false;
	rest->ptr++;
	rest->len--;
	return true;
}

static void skip_space(struct slice *rest)
{
	while (take_char(rest, ' ') || take_char(rest, '\t'))
		;
}

/* Takes a quoted string; gives what is between the quotes as it stands. */
static bool take_quoted(struct slice *rest, struct slice *text)
{
	if (!take_char(rest, '"'))
		return false;
	*text = (struct slice){rest->ptr, 0};
	while (rest->len && *rest->ptr != '"') {
		if (*rest->ptr == '\\' && rest->len > 1)
			take_char(rest, '\\');
		rest->ptr++;
		rest->len--;
	}
	text->len = (size_t)(rest->ptr - text->ptr);
	return take_char(rest, '"');
}

/* "proto" is what Prometheus sends, "messageType" what Spring does. */
static bool names_message(struct slice parameter)
{
	return is_word(parameter, "proto") || is_word(parameter, "messagetype");
}

static const char *check_parameters(struct slice rest, struct slice *message)
{
	for (;;) {
		struct slice name, value;

		skip_space(&rest);
		if (rest.len == 0)
			return NULL;
		if (!take_char(&rest, ';'))
			return "a ';' is missing before a parameter";
		skip_space(&rest);
		name = take_token(&rest);
		if (name.len == 0) /* ";" at the end or twice: RFC 9110 section 5.6.6 */
			continue;
		if (!take_char(&rest, '='))
			return "a parameter without '='";
		value = take_token(&rest);
		if (value.len == 0 && !take_quoted(&rest, &value))
			return "a parameter without a value";
		if (is_word(name, "charset") && !is_word(value, "utf-8") &&
		    !is_word(value, "us-ascii"))
			return "its charset is not utf-8";
		if (names_message(name) && message->len)
			return "it names two message types";
		if (names_message(name))
			*message = value;
	}
}

static const struct {
	const char *major, *subtype;
	enum format format;
} names[] = {
    {"application", "json", FORMAT_JSON},
    {"text", "json", FORMAT_JSON},
    {"application", "protobuf", FORMAT_PROTOBUF},
    {"application", "x-protobuf", FORMAT_PROTOBUF},
    {"application", "x-protobuffer", FORMAT_PROTOBUF},
    {"application", "x-sparkplug-b", FORMAT_SPARKPLUG},
    {"text", "plain", FORMAT_TEXT},
    {"application", "senml+json", FORMAT_SENML_JSON},
    {"application", "sensml+json", FORMAT_SENSML_JSON},
    {"application", "senml+cbor", FORMAT_SENML_CBOR},
    {"application", "sensml+cbor", FORMAT_SENSML_CBOR},
    {"application", "cbor", FORMAT_CBOR},
    {"text", "x-influx-line-protocol", FORMAT_INFLUX},
    {"application", "x-influx-line-protocol", FORMAT_INFLUX},
    {"application", "vnd.influx", FORMAT_INFLUX}, /* what Flux sends */
};

/* FORMATS when there is none. */
static enum format format_of(struct slice major, struct slice subtype)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_word(major, names[i].major) && is_word(subtype, names[i].subtype))
			return names[i].format;
	if (ends_with(subtype, "+json") && !is_word(subtype, "protobuf+json"))
		return FORMAT_JSON;
	if (ends_with(subtype, "+cbor"))
		return FORMAT_CBOR;
	return FORMATS;
}

/* Takes "+gzip" and the like off the end of a subtype. */
static enum coding take_coding(struct slice *subtype)
{
	const char *plus = memrchr(subtype->ptr, '+', subtype->len);
	enum coding coding;
	struct slice name;

	if (!plus)
		return CODING_IDENTITY;
	name = (struct slice){plus + 1, subtype->len - (size_t)(plus + 1 - subtype->ptr)};
	if (!coding_read(name, &coding) || coding == CODING_IDENTITY)
		return CODING_IDENTITY;
	subtype->len = (size_t)(plus - subtype->ptr);
	return coding;
}

const char *content_type_read(struct slice text, struct content_type *type)
{
	static const char not_mime[] = "it is not type/subtype";
	struct slice rest = text, major, subtype;

	skip_space(&rest);
	major = take_token(&rest);
	if (major.len == 0 || !take_char(&rest, '/'))
		return not_mime;
	subtype = take_token(&rest);
	if (subtype.len == 0)
		return not_mime;
	type->coding = take_coding(&subtype);
	type->format = format_of(major, subtype);
	if (type->format == FORMATS)
		return "it is no format that is known";
	type->message = SLICE("");
	return check_parameters(rest, &type->message);
}
