#include "observe/metrics.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric {
	enum metric_kind kind;
	const char *name, *labels, *help;
	const void *value;
	bool is_work; /* a counter of metrics_work(), and what it was when the file was written */
	uint64_t seen;
};

struct metrics {
	const char *path;
	char *temporary;   /* beside path, so that rename(2) replaces it */
	struct buf labels; /* of every sample */
	struct metric *all;
	size_t count;
	int64_t due; /* by clock_monotonic() */
	struct buf text;
	bool warned;

	/* Of every tool. */
	struct buf build, tool; /* labels */
	double one, started, last_success;
};

/* Upper bounds of the histogram's buckets: microseconds, and as the file shows them. */
static const struct {
	int64_t us;
	const char *seconds;
} bounds[] = {
    {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},  {10000, "0.01"},  {25000, "0.025"},
    {50000, "0.05"},  {100000, "0.1"},  {250000, "0.25"}, {500000, "0.5"},  {1000000, "1"},
    {2500000, "2.5"}, {5000000, "5"},   {10000000, "10"}, {30000000, "30"}, {60000000, "60"},
};

enum { BOUNDS = sizeof(bounds) / sizeof(bounds[0]) };

void metrics_label(struct buf *labels, const char *name, struct slice value)
{
	buf_printf(labels, "%s%s=\"", labels->len ? "," : "", name);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '\\' || c == '"')
			buf_putc(labels, '\\');
		if (c == '\n')
			buf_append_string(labels, "\\n");
		else
			buf_putc(labels, c);
	}
	buf_putc(labels, '"');
}

/* What tells this process from others of the same tool. */
static void label_worker(struct buf *labels)
{
	const char *worker = getenv("SENSORPIPE_WORKER");

	if (!worker || !*worker)
		return;
	if (!utf8_valid(slice_of(worker)))
		msg_die(EX_USAGE, "the environment's SENSORPIPE_WORKER is not UTF-8");
	metrics_label(labels, "worker", slice_of(worker));
}

static void add_common(struct metrics *m)
{
	m->one = 1;
	m->started = (double)clock_now() / (double)CLOCK_SECOND;
	metrics_label(&m->tool, "tool", slice_of(msg_tool()));
	buf_append_slice(&m->build, buf_slice(&m->tool));
	metrics_label(&m->build, "version", SLICE(SENSORPIPE_VERSION));
	metrics_gauge(m, "build_info", buf_string(&m->build), "Always 1; its labels tell.",
	              &m->one);
	metrics_gauge(m, "start_time_seconds", buf_string(&m->tool),
	              "When the tool was started, since the epoch.", &m->started);
	metrics_gauge(m, "last_success_time_seconds", buf_string(&m->tool),
	              "When the tool last got work done, since the epoch; 0 before.",
	              &m->last_success);
}

struct metrics *metrics_open(const char *path, const char *labels)
{
	struct metrics *m;
	struct buf temporary = {0};

	if (!path)
		return NULL;
	m = calloc(1, sizeof(*m));
	if (!m)
		msg_die(EX_OSERR, "out of memory");
	m->path = path;
	buf_printf(&temporary, "%s.%ld.tmp", path, (long)getpid());
	buf_putc(&temporary, '\0');
	m->temporary = temporary.ptr;
	label_worker(&m->labels);
	if (m->labels.len && *labels)
		buf_putc(&m->labels, ',');
	buf_append_string(&m->labels, labels);
	add_common(m);
	return m;
}

static void add(struct metrics *m, struct metric metric)
{
	struct metric *all;

	if (!m)
		return;
	all = realloc(m->all, (m->count + 1) * sizeof(*all));
	if (!all)
		msg_die(EX_OSERR, "out of memory");
	m->all = all;
	m->all[m->count++] = metric;
}

void metrics_counter(struct metrics *m, const char *name, const char *labels, const char *help,
                     const uint64_t *value)
{
	add(m, (struct metric){METRIC_COUNTER, name, labels, help, value, .is_work = false});
}

void metrics_gauge(struct metrics *m, const char *name, const char *labels, const char *help,
                   const double *value)
{
	add(m, (struct metric){METRIC_GAUGE, name, labels, help, value, .is_work = false});
}

void metrics_histogram(struct metrics *m, const char *name, const char *help,
                       const struct histogram *h)
{
	add(m, (struct metric){METRIC_HISTOGRAM, name, "", help, h, .is_work = false});
}

void metrics_work(struct metrics *m)
{
	if (m)
		m->all[m->count - 1].is_work = true;
}

void metrics_success(struct metrics *m)
{
	if (m)
		m->last_success = (double)clock_now() / (double)CLOCK_SECOND;
}

/* HELP and TYPE, once a name. */
static void append_head(struct buf *b, const struct metric *metric)
{
	static const char *const types[] = {"counter", "gauge", "histogram"};

	buf_printf(b, "# HELP sensorpipe_%s %s\n", metric->name, metric->help);
	buf_printf(b, "# TYPE sensorpipe_%s %s\n", metric->name, types[metric->kind]);
}

/* `sensorpipe_NAMESUFFIX{LABELS} `, up to the value. */
static void append_series(struct metrics *m, const char *name, const char *suffix,
                          const char *labels)
{
	struct buf *b = &m->text;
	bool both = m->labels.len && *labels;

	buf_printf(b, "sensorpipe_%s%s", name, suffix);
	if (m->labels.len || *labels) {
		buf_putc(b, '{');
		buf_append_slice(b, buf_slice(&m->labels));
		buf_printf(b, "%s%s}", both ? "," : "", labels);
	}
	buf_putc(b, ' ');
}

static void append_histogram(struct metrics *m, const char *name, const struct histogram *h)
{
	for (size_t i = 0; i < BOUNDS; i++) {
		char label[32];

		snprintf(label, sizeof(label), "le=\"%s\"", bounds[i].seconds);
		append_series(m, name, "_bucket", label);
		buf_printf(&m->text, "%" PRIu64 "\n", histogram_below(h, bounds[i].us));
	}
	append_series(m, name, "_bucket", "le=\"+Inf\"");
	buf_printf(&m->text, "%" PRIu64 "\n", h->count);
	append_series(m, name, "_sum", "");
	buf_printf(&m->text, "%.6f\n", h->sum / (double)CLOCK_SECOND);
	append_series(m, name, "_count", "");
	buf_printf(&m->text, "%" PRIu64 "\n", h->count);
}

/* Whether a counter of work has moved since the file was written last. */
static void note_work(struct metrics *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct metric *metric = &m->all[i];

		if (!metric->is_work || *(const uint64_t *)metric->value == metric->seen)
			continue;
		metric->seen = *(const uint64_t *)metric->value;
		metrics_success(m);
	}
}

static void compose(struct metrics *m)
{
	const char *last = "";

	note_work(m);
	buf_clear(&m->text);
	for (size_t i = 0; i < m->count; i++) {
		const struct metric *metric = &m->all[i];

		if (strcmp(metric->name, last) != 0)
			append_head(&m->text, metric);
		last = metric->name;
		if (metric->kind == METRIC_HISTOGRAM) {
			append_histogram(m, metric->name, metric->value);
			continue;
		}
		append_series(m, metric->name, "", metric->labels);
		if (metric->kind == METRIC_COUNTER)
			buf_printf(&m->text, "%" PRIu64 "\n", *(const uint64_t *)metric->value);
		else
			buf_printf(&m->text, "%.17g\n", *(const double *)metric->value);
	}
}

/* Writes all of it; false with errno. */
static bool put(int fd, const char *ptr, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, ptr, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		ptr += n;
		len -= (size_t)n;
	}
	return true;
}

/* Puts the text in the place of the file in one step. Not synced: after a crash of the machine the
 * next start writes it anew. */
static bool replace(const struct metrics *m)
{
	int fd = open(m->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool ok;
	int saved;

	if (fd < 0)
		return false;
	ok = put(fd, m->text.ptr, m->text.len);
	saved = errno;
	if (close(fd) < 0 && ok) {
		ok = false;
		saved = errno;
	}
	if (ok && rename(m->temporary, m->path) == 0)
		return true;
	if (ok)
		saved = errno;
	unlink(m->temporary);
	errno = saved;
	return false;
}

static void write_file(struct metrics *m)
{
	compose(m);
	if (replace(m)) {
		m->warned = false;
	} else if (!m->warned) {
		msg_warn("cannot write metrics to '%s': %s", m->path, strerror(errno));
		m->warned = true;
	}
}

int64_t metrics_due(const struct metrics *m)
{
	return m ? m->due : INT64_MAX;
}

void metrics_tick(struct metrics *m)
{
	int64_t now;

	if (!m)
		return;
	now = clock_monotonic();
	if (now < m->due)
		return;
	m->due = now + METRICS_INTERVAL;
	write_file(m);
}

void metrics_close(struct metrics *m)
{
	if (!m)
		return;
	write_file(m);
	buf_free(&m->labels);
	buf_free(&m->build);
	buf_free(&m->tool);
	buf_free(&m->text);
	free(m->temporary);
	free(m->all);
	free(m);
}
