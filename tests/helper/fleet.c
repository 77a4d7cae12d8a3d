/*
 * fleet: many sensors at once, each a connection of its own to a broker, over TLS 1.3 with a
 * certificate of its own.
 *
 *   fleet [OPTION]... --port PORT --connections N --cafile FILE --issuer FILE --issuer-key FILE
 *
 * Each sensor, load-000000 and so on, connects with MQTT 5 and publishes --messages readings at QoS
 * 1 on sensors/climate/NAME, all together --rate a second. The connections are opened as fast as
 * the broker takes them, --opening at a time; every --step of them a line tells the rate. When
 * every message is acknowledged it says so, and holds the connections until its standard input
 * ends. The status is 0 if every sensor connected and every message was acknowledged, else 69; a
 * failure does not end the others.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "load/identity.h"
#include "load/sensor.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	CONNECTIONS_MAX = 60000, /* source ports to one address */
	DESCRIPTORS_MORE = 16,   /* beside the connections */
	EVENTS_MAX = 512,
	TICK = 5,      /* ms: how often the pace is looked at */
	SHOWN_MAX = 5, /* failures told one by one */
};
#define STALLED_AFTER (INT64_C(60) * CLOCK_SECOND) /* without any progress */

static struct options {
	const char *host, *port, *cafile, *issuer, *issuer_key;
	uint64_t connections, messages, opening, step;
	double rate;
} options = {.host = "localhost", .messages = 1, .opening = 64, .step = 1000, .rate = 1000};

static const char usage[] =
    "usage: fleet [OPTION]... --port PORT --connections N --cafile FILE --issuer FILE --issuer-key "
    "FILE\n"
    "Connect many sensors to an MQTT broker with TLS 1.3, and let them publish.\n"
    "\n"
    "  --host HOST         the broker's name, also in its certificate (default: localhost)\n"
    "  --port PORT         its port\n"
    "  --connections N     how many sensors, 1 to 60000\n"
    "  --cafile FILE       the authority of the broker's certificate\n"
    "  --issuer FILE       the authority of the sensors' certificates\n"
    "  --issuer-key FILE   its key\n"
    "  --messages N        messages of each sensor (default: 1)\n"
    "  --rate N            messages a second of all (default: 1000)\n"
    "  --opening N         connections that are opened at a time (default: 64)\n"
    "  --step N            a line of the table each so many connections (default: 1000)\n"
    "  --help              print this and exit\n"
    "  -V, --version       print the version and exit\n";

struct fleet {
	struct sensor *sensors;
	SSL_CTX *ctx;
	struct identity *identity;
	struct addrinfo *address;
	int epoll;
	size_t opened, ready, failed; /* sensors; the rest of the opened are on their way */
	uint64_t sent, answered, refused;
	int64_t progress; /* when something was last answered */
};

static void parse(int argc, char **argv)
{
	enum { HOST = 256, PORT, CONNECTIONS, CAFILE, ISSUER, KEY, MESSAGES, RATE, OPENING, STEP };
	static const struct option longs[] = {
	    {"host", required_argument, NULL, HOST},
	    {"port", required_argument, NULL, PORT},
	    {"connections", required_argument, NULL, CONNECTIONS},
	    {"cafile", required_argument, NULL, CAFILE},
	    {"issuer", required_argument, NULL, ISSUER},
	    {"issuer-key", required_argument, NULL, KEY},
	    {"messages", required_argument, NULL, MESSAGES},
	    {"rate", required_argument, NULL, RATE},
	    {"opening", required_argument, NULL, OPENING},
	    {"step", required_argument, NULL, STEP},
	    {"help", no_argument, NULL, OPT_HELP},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	int c;

	while ((c = opt_next(argc, argv, "V", longs, usage)) != -1)
		switch (c) {
		case HOST:
			options.host = optarg;
			break;
		case PORT:
			options.port = optarg;
			break;
		case CONNECTIONS:
			options.connections = opt_u64("--connections", optarg, 1, CONNECTIONS_MAX);
			break;
		case CAFILE:
			options.cafile = optarg;
			break;
		case ISSUER:
			options.issuer = optarg;
			break;
		case KEY:
			options.issuer_key = optarg;
			break;
		case MESSAGES:
			options.messages = opt_u64("--messages", optarg, 0, 1000000);
			break;
		case RATE:
			options.rate = opt_double("--rate", optarg, 1, 1e6);
			break;
		case OPENING:
			options.opening = opt_u64("--opening", optarg, 1, CONNECTIONS_MAX);
			break;
		case STEP:
			options.step = opt_u64("--step", optarg, 1, CONNECTIONS_MAX);
			break;
		}
	if (optind < argc)
		msg_usage("unexpected argument '%s'", argv[optind]);
	if (!options.port || !options.connections || !options.cafile || !options.issuer ||
	    !options.issuer_key)
		msg_usage("--port, --connections, --cafile, --issuer and --issuer-key are needed");
}

/* As many descriptors as are needed, if the hard limit lets it. */
static void raise_limit(size_t connections)
{
	const rlim_t wanted = connections + DESCRIPTORS_MORE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		msg_die(EX_OSERR, "cannot read the limit of descriptors");
	if (limit.rlim_cur >= wanted)
		return;
	if (limit.rlim_max < wanted)
		msg_die(EX_OSERR, "%zu connections need %ju descriptors; the hard limit is %ju",
		        connections, (uintmax_t)wanted, (uintmax_t)limit.rlim_max);
	limit.rlim_cur = wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		msg_die(EX_OSERR, "cannot raise the limit of descriptors");
}

static SSL_CTX *tls(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (!ctx || !SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) ||
	    !SSL_CTX_load_verify_file(ctx, options.cafile))
		msg_die(EX_CONFIG, "'%s': %s", options.cafile,
		        ERR_reason_error_string(ERR_get_error()));
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	/* An idle connection holds no buffers, as in a small device. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	return ctx;
}

static void fleet_open(struct fleet *f)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	int error;

	raise_limit(options.connections);
	error = getaddrinfo(options.host, options.port, &hints, &f->address);
	if (error)
		msg_die(EX_NOHOST, "'%s': %s", options.host, gai_strerror(error));
	f->ctx = tls();
	f->identity = identity_open(options.issuer, options.issuer_key);
	f->sensors = calloc(options.connections, sizeof(*f->sensors));
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!f->sensors || f->epoll < 0)
		msg_die(EX_OSERR, "cannot hold so many sensors");
}

static void fleet_free(struct fleet *f)
{
	free(f->sensors);
	close(f->epoll);
	identity_close(f->identity);
	SSL_CTX_free(f->ctx);
	freeaddrinfo(f->address);
}

/* Waits for what the sensor wants now; `op` as of epoll_ctl(2). */
static void watch(struct fleet *f, struct sensor *s, int op)
{
	struct epoll_event e = {.events = EPOLLIN | (s->writable ? (unsigned)EPOLLOUT : 0),
	                        .data.ptr = s};

	if (epoll_ctl(f->epoll, op, s->fd, &e) < 0)
		msg_die(EX_OSERR, "cannot watch a connection");
}

static void failed(struct fleet *f, const struct sensor *s)
{
	if (f->failed++ < SHOWN_MAX)
		msg_warn("%s: %s", s->name, s->why);
}

/* Opens the next sensor. */
static void open_one(struct fleet *f)
{
	struct sensor *s = &f->sensors[f->opened];
	X509 *x;

	(void)snprintf(s->name, sizeof(s->name), "load-%06zu", f->opened++);
	x = identity_issue(f->identity, s->name);
	sensor_open(s, f->ctx, x, identity_key(f->identity), f->address->ai_addr,
	            f->address->ai_addrlen, options.host);
	X509_free(x);
	if (s->state == SENSOR_FAILED)
		failed(f, s);
	else
		watch(f, s, EPOLL_CTL_ADD);
}

/* Lets one sensor go on, and counts what that changed. */
static void step(struct fleet *f, struct sensor *s)
{
	const bool was_ready = s->state == SENSOR_READY, wrote = s->writable;
	const uint64_t acknowledged = s->acknowledged, refused = s->refused;

	sensor_step(s);
	f->answered += s->acknowledged - acknowledged + s->refused - refused;
	f->refused += s->refused - refused;
	if (s->state == SENSOR_FAILED) {
		f->ready -= was_ready;
		failed(f, s);
		return;
	}
	if (!was_ready && s->state == SENSOR_READY)
		f->ready++;
	if (s->writable != wrote)
		watch(f, s, EPOLL_CTL_MOD);
}

/* Serves what is ready within `ms`; without any news for long, ends the process. */
static void serve(struct fleet *f, int ms)
{
	struct epoll_event events[EVENTS_MAX];
	const int n = epoll_wait(f->epoll, events, EVENTS_MAX, ms);
	const int64_t now = clock_monotonic();

	for (int i = 0; i < n; i++)
		step(f, events[i].data.ptr);
	if (n > 0)
		f->progress = now;
	else if (now - f->progress > STALLED_AFTER)
		msg_die(EX_UNAVAILABLE,
		        "nothing heard for a minute: %zu sensors ready, %ju of %ju "
		        "messages answered",
		        f->ready, (uintmax_t)f->answered, (uintmax_t)f->sent);
}

static double seconds(int64_t us)
{
	return (double)us / CLOCK_SECOND;
}

/* Connects all. */
static void connect_all(struct fleet *f)
{
	const int64_t begin = f->progress = clock_monotonic();
	int64_t since = begin;
	size_t told = 0;

	printf("%12s %12s %14s\n", "connections", "seconds", "handshakes/s");
	while (f->ready + f->failed < options.connections) {
		while (f->opened < options.connections &&
		       f->opened - f->ready - f->failed < options.opening)
			open_one(f);
		serve(f, TICK);
		if (f->ready - told >= options.step || f->ready == options.connections) {
			const int64_t now = clock_monotonic();

			printf("%12zu %12.2f %14.0f\n", f->ready, seconds(now - begin),
			       (double)(f->ready - told) / seconds(now - since));
			told = f->ready;
			since = now;
		}
	}
	(void)fflush(stdout);
}

/* A reading whose time tells it from all others of the sensor. */
static void publish_one(struct fleet *f, struct sensor *s, int64_t time)
{
	char topic[SENSOR_NAME_MAX + 32], payload[160], at[CLOCK_TEXT_LEN + 1] = "";

	clock_format(time, at);
	(void)snprintf(topic, sizeof(topic), "sensors/climate/%s", s->name);
	(void)snprintf(payload, sizeof(payload),
	               "{\"time\":\"%s\",\"temperature\":%.2f,\"humidity\":40}", at,
	               20 + (double)(f->sent % 500) / 100);
	sensor_publish(s, topic, payload);
	if (s->state == SENSOR_FAILED) {
		f->ready--;
		failed(f, s);
		return;
	}
	f->sent++;
	if (s->writable)
		watch(f, s, EPOLL_CTL_MOD);
}

/* Whether it can publish now: it is connected and has its last answer. */
static bool free_to_publish(const struct sensor *s)
{
	return s->state == SENSOR_READY && !s->busy && !s->writable;
}

/* Everybody in turn, at the rate; one that is not free at its turn is waited for. */
static void publish_all(struct fleet *f)
{
	const uint64_t total = options.connections * options.messages;
	const int64_t begin = f->progress = clock_monotonic(), clock = clock_now();
	uint64_t turn = 0;
	double took;

	while (turn < total || f->answered < f->sent) {
		const double due = seconds(clock_monotonic() - begin) * options.rate;

		while (turn < total && (double)turn < due) {
			struct sensor *s = &f->sensors[turn % options.connections];

			if (s->state == SENSOR_READY && !free_to_publish(s))
				break;
			if (s->state == SENSOR_READY)
				publish_one(f, s, clock + (int64_t)turn);
			turn++;
		}
		if (turn == total && f->ready == 0)
			break;
		serve(f, TICK);
	}
	took = seconds(clock_monotonic() - begin);
	printf("published %ju messages in %.2f s, %.0f/s: %ju acknowledged, %ju refused\n",
	       (uintmax_t)f->sent, took, (double)f->answered / took,
	       (uintmax_t)(f->answered - f->refused), (uintmax_t)f->refused);
	(void)fflush(stdout);
}

/* Keeps the connections until the input ends, and ends them. */
static void hold_and_close(struct fleet *f)
{
	char ignored[64];

	while (read(STDIN_FILENO, ignored, sizeof(ignored)) > 0)
		continue;
	for (size_t i = 0; i < f->opened; i++)
		if (f->sensors[i].state == SENSOR_READY)
			sensor_close(&f->sensors[i]);
}

int main(int argc, char **argv)
{
	struct fleet f = {0};
	bool good;

	msg_init("fleet");
	parse(argc, argv);
	fleet_open(&f);
	connect_all(&f);
	publish_all(&f);
	hold_and_close(&f);
	good = f.failed == 0 && f.answered - f.refused == options.connections * options.messages;
	msg_info(
	    "sensors %ju, connected %zu, failed %zu; messages %ju, acknowledged %ju, refused %ju",
	    (uintmax_t)options.connections, f.ready, f.failed, (uintmax_t)f.sent,
	    (uintmax_t)(f.answered - f.refused), (uintmax_t)f.refused);
	fleet_free(&f);
	return good ? EX_OK : EX_UNAVAILABLE;
}
