/* axis, canvas, plot: round ticks, dots, and a chart as it is printed. */
#include "fixture.h"

#include "../../../cmd/tsdb-query/axis.h"
#include "../../../cmd/tsdb-query/canvas.h"
#include "../../../cmd/tsdb-query/gnuplot.h"
#include "../../../cmd/tsdb-query/plot.h"
#include "base/clock.h"

static struct buf text;

/* ---- axis ---- */

static const char *values(double low, double high, size_t most)
{
	struct axis_values a;

	axis_values(&a, low, high, most);
	assert_true(a.count <= most);
	buf_clear(&text);
	for (size_t i = 0; i < a.count; i++) {
		assert_true(axis_value(&a, i) >= low - a.step * 1e-6);
		assert_true(axis_value(&a, i) <= high + a.step * 1e-6);
		axis_append_value(&text, &a, i);
		buf_putc(&text, ' ');
	}
	return buf_string(&text);
}

static void ticks_of_values_are_round(void **state)
{
	(void)state;
	assert_string_equal(values(0, 10, 6), "0 2 4 6 8 10 ");
	assert_string_equal(values(-1, 1, 5), "-1.0 -0.5 0.0 0.5 1.0 ");
	assert_string_equal(values(17.3, 21.9, 5), "18 20 ");
	assert_string_equal(values(0, 0.003, 4), "0.000 0.001 0.002 0.003 ");
	assert_string_equal(values(0, 5e12, 3), "0 5e+12 ");
	assert_string_equal(values(999, 1001, 3), "999 1000 1001 ");
}

static void extreme_values_have_ticks_in_bounds(void **state)
{
	static const double spans[][2] = {{-1.7e308, 1.7e308}, {0, 5e-324},
	                                  {1e-300, 2e-300},    {1, 1.0000000000000002},
	                                  {-1e15, -1e15 + 1},  {1e308, 1.7e308}};

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		struct axis_values a;

		axis_values(&a, spans[i][0], spans[i][1], 7);
		assert_true(a.count <= 7);
	}
}

static const char *times(const char *from, const char *to, size_t most)
{
	int64_t first, last;
	struct axis_times a;

	assert_int_equal(clock_parse(slice_of(from), &first), 0);
	assert_int_equal(clock_parse(slice_of(to), &last), 0);
	axis_times(&a, first, last, most);
	assert_true(a.count <= most);
	buf_clear(&text);
	for (size_t i = 0; i < a.count; i++) {
		axis_append_time(&text, &a, i);
		buf_putc(&text, ' ');
	}
	return buf_string(&text);
}

static void ticks_of_times_are_round(void **state)
{
	(void)state;
	assert_string_equal(times("2026-01-31T12:00:00Z", "2026-02-01T12:00:00Z", 5),
	                    "12:00 18:00 02-01 06:00 12:00 ");
	assert_string_equal(times("2026-01-31T12:00:07Z", "2026-01-31T12:00:31Z", 6),
	                    "12:00:10 12:00:15 12:00:20 12:00:25 12:00:30 ");
	assert_string_equal(times("2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z", 4),
	                    "01-01 01-03 01-05 01-07 ");
	assert_string_equal(times("1969-12-31T23:00:00Z", "1970-01-01T01:00:00Z", 3),
	                    "23:00 01-01 01:00 ");
	assert_true(strlen(times("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 6)) > 0);
}

/* ---- canvas ---- */

static void dots_are_braille(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, 2, 1);
	canvas_line(&c, 0, 0, 0, 0, 0);
	canvas_line(&c, 3, 3, 3, 3, 1);
	buf_clear(&text);
	canvas_append(&text, &c, 0, 0);
	canvas_append(&text, &c, 1, 0);
	assert_string_equal(buf_string(&text), "⠁⢀");
	assert_int_equal(canvas_owner(&c, 0, 0), 1);
	assert_int_equal(canvas_owner(&c, 1, 0), 2);
	canvas_line(&c, 3, 3, 0, 0, 0);
	buf_clear(&text);
	canvas_append(&text, &c, 0, 0);
	canvas_append(&text, &c, 1, 0);
	assert_string_equal(buf_string(&text), "⠑⢄");
	canvas_line(&c, 0, 0, 0, 3, 0);
	buf_clear(&text);
	canvas_append(&text, &c, 0, 0);
	assert_string_equal(buf_string(&text), "⡗");
	canvas_free(&c);
}

/* ---- charts ---- */

static struct tally tally;
static struct chart chart;

static void begin_chart(void)
{
	tally = (struct tally){0};
	chart.tally = &tally;
	chart.aggregates = NULL;
	chart_init(&chart);
}

static void put(const struct catalog_sensor *sensor, int64_t seconds, const char *value)
{
	struct row row = {.sensor = sensor,
	                  .metric = &heat_metric,
	                  .time = seconds * CLOCK_SECOND,
	                  .value = slice_of(value)};

	chart.stage.row(&chart.stage, &row);
}

static const char *printed(size_t width, size_t height, bool colour)
{
	struct plot_look look = {width, height, colour};

	buf_clear(&text);
	plot_append(&text, &chart, &look);
	chart_free(&chart);
	return buf_string(&text);
}

static void one_line_is_braille(void **state)
{
	(void)state;
	begin_chart();
	put(&sensor_a, 0, "0");
	put(&sensor_a, 3600, "10");
	assert_string_equal(printed(30, 7, false),
	                    "  ── climate a heat (°C)\n"
	                    "10 ┤                    ⣀⡠⠤⠒⠒⠉\n"
	                    "   │             ⣀⡠⠤⠔⠒⠉⠉\n"
	                    " 5 ┤      ⣀⣀⠤⠔⠒⠊⠉\n"
	                    " 0 ┤⣀⠤⠤⠒⠊⠉\n"
	                    "   └┬────────────────────────┬\n"
	                    "    01-01                    01:00\n"
	                    "    1970-01-01T00:00:00.000000Z to 1970-01-01T01:00:00.000000Z\n");
}

static void several_lines_have_characters_or_colours(void **state)
{
	const char *page;

	(void)state;
	begin_chart();
	for (int64_t i = 0; i < 2; i++)
		put(&sensor_a, i, i ? "0" : "10");
	for (int64_t i = 0; i < 2; i++)
		put(&sensor_b, i, i ? "10" : "0");
	page = printed(40, 8, false);
	assert_non_null(strstr(page, "  * climate a heat (°C)\n  + climate b heat (°C)\n"));
	assert_null(strstr(page, "\033["));
	begin_chart();
	put(&sensor_a, 0, "0");
	put(&sensor_a, 1, "1");
	page = printed(40, 8, true);
	assert_non_null(strstr(page, "\033[36m"));
}

static void gaps_break_the_line(void **state)
{
	static const char wide[] = "                              "; /* as wide as no other space */

	(void)state;
	for (int with_gap = 0; with_gap < 2; with_gap++) {
		begin_chart();
		put(&sensor_a, 0, "5");
		put(&sensor_a, 1, "5");
		if (with_gap)
			put(&sensor_a, 2, "NaN");
		put(&sensor_a, 9, "5");
		put(&sensor_a, 10, "5");
		assert_int_equal(strstr(printed(60, 6, false), wide) != NULL, with_gap);
	}
	begin_chart();
	put(&sensor_a, 0, "NaN");
	put(&sensor_a, 1, "Infinity");
	assert_string_equal(printed(60, 6, false), "nothing to draw\n");
	begin_chart();
	assert_string_equal(printed(60, 6, false), "nothing to draw\n");
}

static void any_span_fits(void **state)
{
	static const char *const pairs[][2] = {{"5", "5"},
	                                       {"0", "0"},
	                                       {"-1.7e308", "1.7e308"},
	                                       {"0", "5e-324"},
	                                       {"1e300", "1.0000000000000002e300"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		for (size_t height = PLOT_HEIGHT_LEAST; height < 40; height += 6) {
			begin_chart();
			put(&sensor_a, CLOCK_MIN / CLOCK_SECOND, pairs[i][0]);
			put(&sensor_a, CLOCK_MAX / CLOCK_SECOND, pairs[i][1]);
			assert_true(strlen(printed(PLOT_WIDTH_LEAST, height, false)) > 0);
			begin_chart();
			put(&sensor_a, 5, pairs[i][0]);
			assert_true(strlen(printed(PLOT_WIDTH_LEAST, height, true)) > 0);
		}
}

static void gnuplot_gets_names_in_quotes(void **state)
{
	static const struct catalog_sensor hostile = {.type = {"it's", 4},
	                                              .name = {"`id`\n'; !touch x", 16}};
	struct gnuplot g = {.path = "x.svg", .width = 640, .height = 480};

	(void)state;
	begin_chart();
	put(&hostile, 1, "1.5");
	put(&hostile, 2, "NaN");
	put(&hostile, 3, "-2e-05");
	buf_clear(&text);
	gnuplot_append(&text, &g, &chart);
	chart_free(&chart);
	assert_string_equal(buf_string(&text),
	                    "set terminal svg size 640,480 noenhanced\n"
	                    "set xdata time\nset timefmt '%s'\nset grid\nset key outside top\n"
	                    "$line0 << END\n1.000000 1.5\n\n3.000000 -2e-05\nEND\n"
	                    "plot $line0 using 1:2 with lines title "
	                    "'it''s `id`\\n''; !touch x heat (°C)'\n");
	assert_true(gnuplot_takes("a.png"));
	assert_true(gnuplot_takes("a.svg"));
	assert_false(gnuplot_takes("png"));
	assert_false(gnuplot_takes(".png"));
	assert_false(gnuplot_takes("a.pdf"));
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ticks_of_values_are_round),
	    cmocka_unit_test(extreme_values_have_ticks_in_bounds),
	    cmocka_unit_test(ticks_of_times_are_round),
	    cmocka_unit_test(dots_are_braille),
	    cmocka_unit_test(one_line_is_braille),
	    cmocka_unit_test(several_lines_have_characters_or_colours),
	    cmocka_unit_test(gaps_break_the_line),
	    cmocka_unit_test(any_span_fits),
	    cmocka_unit_test(gnuplot_gets_names_in_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
