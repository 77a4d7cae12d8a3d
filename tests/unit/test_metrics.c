/* The metrics file: its text, its replacement, and what happens when it cannot be written. */
#include "observe/metrics.h"

#include "base/clock.h"
#include "base/msg.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "child.h"

static char directory[] = "/tmp/test_metrics.XXXXXX";
static char path[sizeof(directory) + 16];

static const char *content(void)
{
	static char text[8192];
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = '\0';
	return text;
}

/* Behind what every tool tells. */
static const char *own_metrics(void)
{
	const char *last = strstr(content(), "\nsensorpipe_last_success_time_seconds{");

	assert_non_null(last);
	return strchr(last + 1, '\n') + 1;
}

/* The value of a sample, given by all that stands before it. */
static double value_of(const char *series)
{
	const char *found = strstr(content(), series);

	assert_non_null(found);
	return strtod(found + strlen(series), NULL);
}

/* Files in the directory: a temporary one must not stay behind. */
static int files(void)
{
	DIR *d = opendir(directory);
	int n = 0;

	assert_non_null(d);
	for (struct dirent *e = readdir(d); e; e = readdir(d))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void counters_and_gauges(void **state)
{
	struct metrics *m = metrics_open(path, "source=\"a\"");
	uint64_t stored = 7, rejected = UINT64_MAX;
	double depth = 1.5;

	(void)state;
	metrics_counter(m, "readings_total", "outcome=\"stored\"", "Readings.", &stored);
	metrics_counter(m, "readings_total", "outcome=\"rejected\"", "Readings.", &rejected);
	metrics_gauge(m, "depth", "", "Depth.", &depth);
	stored = 8;
	metrics_close(m);
	assert_string_equal(own_metrics(),
	                    "# HELP sensorpipe_readings_total Readings.\n"
	                    "# TYPE sensorpipe_readings_total counter\n"
	                    "sensorpipe_readings_total{source=\"a\",outcome=\"stored\"} 8\n"
	                    "sensorpipe_readings_total{source=\"a\",outcome=\"rejected\"} "
	                    "18446744073709551615\n"
	                    "# HELP sensorpipe_depth Depth.\n"
	                    "# TYPE sensorpipe_depth gauge\n"
	                    "sensorpipe_depth{source=\"a\"} 1.5\n");
	assert_int_equal(files(), 1);
}

static void without_labels_no_braces(void **state)
{
	struct metrics *m = metrics_open(path, "");
	uint64_t n = 1;

	(void)state;
	metrics_counter(m, "n_total", "", "N.", &n);
	metrics_close(m);
	assert_non_null(strstr(content(), "\nsensorpipe_n_total 1\n"));
}

static void every_file_tells_tool_version_and_start(void **state)
{
	double before = (double)clock_now() / (double)CLOCK_SECOND;

	(void)state;
	metrics_close(metrics_open(path, "source=\"a\""));
	assert_non_null(strstr(content(), "sensorpipe_build_info{source=\"a\",tool=\"test\","
	                                  "version=\"" SENSORPIPE_VERSION "\"} 1\n"));
	assert_true(value_of("sensorpipe_start_time_seconds{source=\"a\",tool=\"test\"} ") >=
	            before);
}

static void work_that_moved_sets_the_last_success(void **state)
{
	static const char success[] = "\nsensorpipe_last_success_time_seconds{tool=\"test\"} ";
	uint64_t done = 0, other = 0;
	struct metrics *m = metrics_open(path, "");
	double before;

	(void)state;
	metrics_counter(m, "done_total", "", "Done.", &done);
	metrics_work(m);
	metrics_counter(m, "other_total", "", "Other.", &other);
	other = 1;
	metrics_tick(m);
	assert_true(value_of(success) == 0);
	before = (double)clock_now() / (double)CLOCK_SECOND;
	done = 1;
	metrics_close(m);
	assert_true(value_of(success) >= before);
}

static void a_tool_that_works_once_says_so(void **state)
{
	static const char success[] = "\nsensorpipe_last_success_time_seconds{tool=\"test\"} ";
	struct metrics *m = metrics_open(path, "");
	double before = (double)clock_now() / (double)CLOCK_SECOND;

	(void)state;
	metrics_success(m);
	metrics_success(NULL);
	metrics_close(m);
	assert_true(value_of(success) >= before);
}

static void the_worker_is_a_label_of_all(void **state)
{
	uint64_t n = 1;
	struct metrics *m;

	(void)state;
	assert_int_equal(setenv("SENSORPIPE_WORKER", "w \"1\"", 1), 0);
	m = metrics_open(path, "source=\"a\"");
	metrics_counter(m, "n_total", "", "N.", &n);
	metrics_close(m);
	assert_non_null(
	    strstr(content(), "sensorpipe_n_total{worker=\"w \\\"1\\\"\",source=\"a\"} 1\n"));
	assert_int_equal(setenv("SENSORPIPE_WORKER", "", 1), 0);
	without_labels_no_braces(state);
	unsetenv("SENSORPIPE_WORKER");
}

static void open_as_no_utf8(const void *unused)
{
	(void)unused;
	setenv("SENSORPIPE_WORKER", "\xff", 1);
	metrics_open(path, "");
}

static void a_worker_that_is_not_utf8_is_refused(void **state)
{
	static struct child child;

	(void)state;
	run_child(&child, open_as_no_utf8, NULL);
	assert_int_equal(child.status, EX_USAGE);
	assert_non_null(strstr(child.text, "SENSORPIPE_WORKER is not UTF-8"));
}

static void histograms_are_cumulative_seconds(void **state)
{
	struct metrics *m = metrics_open(path, "");
	struct histogram h = {0};
	const char *text;

	(void)state;
	metrics_histogram(m, "latency_seconds", "Latency.", &h);
	histogram_add(&h, 500, 3);
	histogram_add(&h, 40 * 1000, 2);
	histogram_add(&h, 120 * CLOCK_SECOND, 1);
	metrics_close(m);
	text = content();
	assert_non_null(strstr(text, "# TYPE sensorpipe_latency_seconds histogram\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_bucket{le=\"0.001\"} 3\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_bucket{le=\"0.025\"} 3\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_bucket{le=\"0.05\"} 5\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_bucket{le=\"60\"} 5\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_bucket{le=\"+Inf\"} 6\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_sum 120.081500\n"));
	assert_non_null(strstr(text, "sensorpipe_latency_seconds_count 6\n"));
}

static void label_values_are_escaped(void **state)
{
	struct buf labels = {0};

	(void)state;
	metrics_label(&labels, "a", SLICE("x\"y\\z\n"));
	metrics_label(&labels, "b", SLICE("plain"));
	assert_string_equal(buf_string(&labels), "a=\"x\\\"y\\\\z\\n\",b=\"plain\"");
	buf_free(&labels);
}

static void ticks_write_once_an_interval(void **state)
{
	struct metrics *m = metrics_open(path, "");
	uint64_t n = 1;
	int64_t before = clock_monotonic();

	(void)state;
	metrics_counter(m, "n_total", "", "N.", &n);
	metrics_tick(m);
	assert_in_range(metrics_due(m), before + METRICS_INTERVAL,
	                clock_monotonic() + METRICS_INTERVAL);
	n = 2;
	metrics_tick(m);
	if (clock_monotonic() < metrics_due(m))
		assert_non_null(strstr(content(), "sensorpipe_n_total 1\n"));
	metrics_close(m);
	assert_non_null(strstr(content(), "sensorpipe_n_total 2\n"));
}

static void null_means_none(void **state)
{
	uint64_t n = 0;

	(void)state;
	assert_null(metrics_open(NULL, ""));
	metrics_counter(NULL, "n", "", "N.", &n);
	metrics_work(NULL);
	metrics_tick(NULL);
	assert_int_equal(metrics_due(NULL), INT64_MAX);
	metrics_close(NULL);
}

/* One warning, however often it is tried, and the tool goes on. */
static void unwritable_file_warns_once(void **state)
{
	char warnings[512] = "";
	FILE *log = tmpfile();
	int saved = dup(STDERR_FILENO);
	struct metrics *m;

	(void)state;
	assert_non_null(log);
	assert_true(dup2(fileno(log), STDERR_FILENO) >= 0);
	m = metrics_open("/nowhere/at/all", "");
	metrics_tick(m);
	metrics_close(m);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	close(saved);
	rewind(log);
	assert_true(fread(warnings, 1, sizeof(warnings) - 1, log) > 0);
	fclose(log);
	assert_string_equal(warnings, "test: cannot write metrics to '/nowhere/at/all': "
	                              "No such file or directory\n");
}

static int remove_all(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counters_and_gauges),
	    cmocka_unit_test(without_labels_no_braces),
	    cmocka_unit_test(every_file_tells_tool_version_and_start),
	    cmocka_unit_test(work_that_moved_sets_the_last_success),
	    cmocka_unit_test(a_tool_that_works_once_says_so),
	    cmocka_unit_test(the_worker_is_a_label_of_all),
	    cmocka_unit_test(a_worker_that_is_not_utf8_is_refused),
	    cmocka_unit_test(histograms_are_cumulative_seconds),
	    cmocka_unit_test(label_values_are_escaped),
	    cmocka_unit_test(ticks_write_once_an_interval),
	    cmocka_unit_test(null_means_none),
	    cmocka_unit_test(unwritable_file_warns_once),
	};

	msg_init("test");
	if (!mkdtemp(directory))
		return EX_OSERR;
	snprintf(path, sizeof(path), "%s/metrics.prom", directory);
	return cmocka_run_group_tests(tests, NULL, remove_all);
}
