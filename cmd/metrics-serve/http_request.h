/*
 * http_request: the head of an HTTP/1 request (RFC 9112), read strictly.
 *
 * Pure: bytes in, a status out. What a lenient server would guess at is refused: bare line feeds,
 * folded fields, blanks before a colon, control characters, a second Host, a body. Slices point
 * into the bytes that were given.
 */
#ifndef SENSORPIPE_HTTP_REQUEST_H
#define SENSORPIPE_HTTP_REQUEST_H

#include "base/slice.h"

enum { HTTP_HEAD_MAX = 8192 }; /* bytes, the empty line included */

enum http_status {
	HTTP_OK = 200,
	HTTP_BAD_REQUEST = 400,
	HTTP_NOT_FOUND = 404,
	HTTP_METHOD_NOT_ALLOWED = 405,
	HTTP_REQUEST_TIMEOUT = 408,
	HTTP_HEAD_TOO_LARGE = 431,
	HTTP_SERVER_ERROR = 500,
	HTTP_VERSION_NOT_SUPPORTED = 505,
};

struct http_request {
	bool head_only;    /* HEAD: the answer has no content */
	struct slice path; /* begins with '/', without the query */
};

/* How many of the bytes are the head, its empty line included; 0 while that has not come. */
size_t http_head_length(struct slice bytes);

/* No head can begin with these bytes: they hold a line feed without its carriage return. */
bool http_head_is_hopeless(struct slice bytes);

/* `head` as http_head_length() measured it. HTTP_OK, or what to answer; then `r` is not complete.
 */
enum http_status http_request_parse(struct slice head, struct http_request *r);

/* "Not Found" and the like. */
const char *http_reason(enum http_status status);

#endif
