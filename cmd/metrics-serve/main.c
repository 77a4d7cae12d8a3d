/*
 * metrics-serve: answers one HTTP request for the metrics files of all workers.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "collect.h"
#include "exchange.h"
#include "stream/out.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: metrics-serve [OPTION]... DIRECTORY\n"
    "Answer one HTTP request (GET /metrics) on standard input and output with the\n"
    "Prometheus files DIRECTORY/WORKER/TOOL.prom and DIRECTORY/WORKER/PART/TOOL.prom,\n"
    "each sample with the label worker.\n"
    "\n"
    "      --timeout SECONDS   for the request, and for the answer (5)\n"
    "      --print             only print the metrics: no request, no HTTP\n"
    "      --quiet             no summary\n"
    "      --help\n"
    "  -V, --version\n";

static struct options {
	const char *directory;
	int64_t timeout; /* microseconds */
	bool print;
} options = {.timeout = 5 * CLOCK_SECOND};

static void read_options(int argc, char **argv)
{
	enum { OPT_TIMEOUT = 256, OPT_PRINT, OPT_QUIET };
	static const struct option longs[] = {
	    {"timeout", required_argument, NULL, OPT_TIMEOUT},
	    {"print", no_argument, NULL, OPT_PRINT},
	    {"quiet", no_argument, NULL, OPT_QUIET},
	    {"help", no_argument, NULL, OPT_HELP},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	int opt;

	while ((opt = opt_next(argc, argv, "V", longs, usage)) != -1) {
		if (opt == OPT_TIMEOUT)
			options.timeout = (int64_t)(opt_double("--timeout", optarg, 0.1, 3600) *
			                            (double)CLOCK_SECOND);
		else if (opt == OPT_PRINT)
			options.print = true;
		else if (opt == OPT_QUIET)
			msg_set_quiet();
	}
	if (argc - optind != 1)
		msg_usage("one directory is wanted");
	options.directory = argv[optind];
}

/* The metrics, or, for any other status, a line that says so. */
static enum http_status compose(enum http_status status, struct buf *content, struct collected *c)
{
	if (status == HTTP_OK && collect(options.directory, content, c) < 0) {
		msg_warn("cannot read '%s': %s", options.directory, strerror(errno));
		status = HTTP_SERVER_ERROR;
	}
	if (status != HTTP_OK) {
		buf_clear(content);
		buf_printf(content, "%d %s\n", (int)status, http_reason(status));
	}
	return status;
}

static void compose_head(enum http_status status, size_t length, struct buf *head)
{
	time_t now = time(NULL);
	char date[64];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_printf(head, "HTTP/1.1 %d %s\r\nDate: %s\r\n", (int)status, http_reason(status), date);
	if (status == HTTP_METHOD_NOT_ALLOWED)
		buf_append_string(head, "Allow: GET, HEAD\r\n");
	buf_printf(head,
	           "Content-Type: text/plain; %scharset=utf-8\r\n"
	           "Content-Length: %zu\r\n"
	           "Cache-Control: no-store\r\n"
	           "Connection: close\r\n\r\n",
	           status == HTTP_OK ? "version=0.0.4; " : "", length);
}

/* What the request gets; 0 where there is none. */
static enum http_status read_request(struct exchange *x, struct http_request *r)
{
	struct buf bytes = {0};
	enum http_status status = exchange_read_head(x, &bytes);

	if (status == HTTP_OK) {
		struct slice head = {bytes.ptr, http_head_length(buf_slice(&bytes))};

		status = http_request_parse(head, r);
	}
	if (status == HTTP_OK && !slice_is(r->path, "/metrics"))
		status = HTTP_NOT_FOUND;
	buf_free(&bytes);
	return status;
}

/* A client's faults are not the tool's: the status tells only of its own. */
static int serve(void)
{
	struct buf head = {0}, content = {0};
	struct http_request request = {0};
	struct collected c = {0};
	enum http_status status;
	struct exchange x;
	bool taken;

	exchange_begin(&x, STDIN_FILENO, STDOUT_FILENO, options.timeout);
	status = read_request(&x, &request);
	if (status == 0) {
		msg_info("no request");
		return EX_OK;
	}
	status = compose(status, &content, &c);
	compose_head(status, content.len, &head);
	if (!request.head_only)
		buf_append_slice(&head, buf_slice(&content));
	taken = exchange_write(&x, buf_slice(&head));
	exchange_end(&x);
	msg_info("answered %d with %zu files, left out %zu, bytes %zu%s", (int)status, c.files,
	         c.left_out, head.len, taken ? "" : "; the client did not take it");
	buf_free(&head);
	buf_free(&content);
	return status == HTTP_SERVER_ERROR ? EX_IOERR : EX_OK;
}

static int print(void)
{
	struct collected c = {0};
	struct out out;

	out_init(&out, STDOUT_FILENO, "stdout");
	if (collect(options.directory, &out.buf, &c) < 0)
		msg_die(EX_IOERR, "cannot read '%s': %s", options.directory, strerror(errno));
	out_close(&out);
	msg_info("files %zu, left out %zu", c.files, c.left_out);
	return EX_OK;
}

int main(int argc, char **argv)
{
	msg_init("metrics-serve");
	read_options(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	return options.print ? print() : serve();
}
