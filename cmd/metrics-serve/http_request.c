#include "http_request.h"

#include <strings.h>

size_t http_head_length(struct slice bytes)
{
	const char *end = bytes.len ? memmem(bytes.ptr, bytes.len, "\r\n\r\n", 4) : NULL;

	return end ? (size_t)(end - bytes.ptr) + 4 : 0;
}

bool http_head_is_hopeless(struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n' && (i == 0 || bytes.ptr[i - 1] != '\r'))
			return true;
	}
	return false;
}

/* tchar of RFC 9110, 5.6.2 */
static bool is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_visible(char c)
{
	return c > 0x20 && c < 0x7f;
}

/* Cuts what `is` holds for off the front. */
static struct slice cut_while(struct slice *s, bool (*is)(char))
{
	struct slice front = {s->ptr, 0};

	while (front.len < s->len && is(s->ptr[front.len]))
		front.len++;
	s->ptr += front.len;
	s->len -= front.len;
	return front;
}

static bool cut_char(struct slice *s, char c)
{
	if (s->len == 0 || *s->ptr != c)
		return false;
	s->ptr++;
	s->len--;
	return true;
}

/* The next line without its end; false where it does not end in CR LF. */
static bool cut_line(struct slice *s, struct slice *line)
{
	const char *end = memchr(s->ptr, '\r', s->len);

	if (!end || end + 1 == s->ptr + s->len || end[1] != '\n')
		return false;
	*line = (struct slice){s->ptr, (size_t)(end - s->ptr)};
	s->ptr = end + 2;
	s->len -= line->len + 2;
	return true;
}

static bool same_name(struct slice name, const char *other)
{
	return name.len == strlen(other) && strncasecmp(name.ptr, other, name.len) == 0;
}

/* METHOD SP target SP HTTP/1.x */
static enum http_status parse_request_line(struct slice line, struct http_request *r, bool *http11)
{
	struct slice method = cut_while(&line, is_token_char), target;
	const char *query;

	if (method.len == 0 || !cut_char(&line, ' '))
		return HTTP_BAD_REQUEST;
	target = cut_while(&line, is_visible);
	if (target.len == 0 || target.ptr[0] != '/' || !cut_char(&line, ' '))
		return HTTP_BAD_REQUEST;
	if (line.len != strlen("HTTP/1.1") || !slice_starts_with(line, SLICE("HTTP/")) ||
	    line.ptr[6] != '.')
		return HTTP_BAD_REQUEST;
	if (!slice_is(line, "HTTP/1.0") && !slice_is(line, "HTTP/1.1"))
		return HTTP_VERSION_NOT_SUPPORTED;
	*http11 = line.ptr[7] == '1';
	r->head_only = slice_is(method, "HEAD");
	query = memchr(target.ptr, '?', target.len);
	r->path = (struct slice){target.ptr, query ? (size_t)(query - target.ptr) : target.len};
	return r->head_only || slice_is(method, "GET") ? HTTP_OK : HTTP_METHOD_NOT_ALLOWED;
}

/* name ":" value */
static enum http_status parse_field(struct slice line, unsigned *hosts)
{
	struct slice name = cut_while(&line, is_token_char);

	if (name.len == 0 || !cut_char(&line, ':'))
		return HTTP_BAD_REQUEST;
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return HTTP_BAD_REQUEST;
	}
	if (same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding"))
		return HTTP_BAD_REQUEST;
	if (same_name(name, "Host"))
		++*hosts;
	return HTTP_OK;
}

enum http_status http_request_parse(struct slice head, struct http_request *r)
{
	enum http_status status, request_status;
	bool http11 = false;
	unsigned hosts = 0;
	struct slice line;

	if (!cut_line(&head, &line))
		return HTTP_BAD_REQUEST;
	request_status = parse_request_line(line, r, &http11);
	if (request_status != HTTP_OK && request_status != HTTP_METHOD_NOT_ALLOWED)
		return request_status;
	for (;;) {
		if (!cut_line(&head, &line))
			return HTTP_BAD_REQUEST;
		if (line.len == 0)
			break;
		status = parse_field(line, &hosts);
		if (status != HTTP_OK)
			return status;
	}
	if (hosts > 1 || (http11 && hosts == 0))
		return HTTP_BAD_REQUEST;
	return request_status;
}

const char *http_reason(enum http_status status)
{
	switch (status) {
	case HTTP_OK:
		return "OK";
	case HTTP_BAD_REQUEST:
		return "Bad Request";
	case HTTP_NOT_FOUND:
		return "Not Found";
	case HTTP_METHOD_NOT_ALLOWED:
		return "Method Not Allowed";
	case HTTP_REQUEST_TIMEOUT:
		return "Request Timeout";
	case HTTP_HEAD_TOO_LARGE:
		return "Request Header Fields Too Large";
	case HTTP_SERVER_ERROR:
		return "Internal Server Error";
	case HTTP_VERSION_NOT_SUPPORTED:
		return "HTTP Version Not Supported";
	}
	return "";
}
