/*
 * anomaly-series: a made-up series of one value, with anomalies planted in it, for tests of
 * sensor-anomaly.
 *
 *   anomaly-series FAMILY SEED POINTS [WINDOWS]   timestamp,value to standard output
 *   anomaly-series --families                     their names: NAME tune|held-out
 *
 * The file WINDOWS gets a line for each anomaly: FIRST LAST KIND, rows from 0: a detection
 * within them is right. They begin an eighth of their length before the anomaly, and all of them
 * together are a tenth of the series, as in the Numenta Anomaly Benchmark (Lavin and Ahmad,
 * "Evaluating real-time anomaly detection algorithms", 2015). Up to four anomalies come after the
 * first fifth of the series; some series have none. What is planted is measured in what the family
 * does by itself, so that it stands out of every family alike.
 *
 * A family is a sum of parts whose sizes the seed changes by up to a half: a level, a day and a
 * week, an autoregression, noise, bursts that come at random and at fixed intervals, a ramp that
 * falls back.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "stream/out.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- chance ---- */

static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static uint64_t next(void)
{
	uint64_t x = state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static double uniform(double low, double high)
{
	return low + (high - low) * (double)(next() >> 11) * 0x1p-53;
}

/* Box and Muller. */
static double gaussian(void)
{
	return sqrt(-2 * log(1 - uniform(0, 1))) * cos(2 * M_PI * uniform(0, 1));
}

static double exponential(void)
{
	return -log(1 - uniform(0, 1));
}

/* Of a mean up to some hundreds; beyond that as good as Gaussian. */
static double poisson(double mean)
{
	double sum = exponential();
	int count = 0;

	if (mean > 300)
		return fmax(0, round(mean + sqrt(mean) * gaussian()));
	for (; sum < mean; count++)
		sum += exponential();
	return count;
}

/* ---- families ---- */

enum noise {
	GAUSSIAN,
	LAPLACE,
	HEAVY,     /* Student's t with 3 degrees of freedom */
	LOGNORMAL, /* multiplies */
	COUNTS,    /* Poisson, of the sum of all else */
};

struct family {
	const char *name;
	bool held_out;
	enum noise kind;
	double level, noise;
	double day, weekend;       /* amplitude; what is left of it at weekends */
	double walk, keep;         /* an autoregression: its innovations and coefficient */
	double burst_share, burst; /* of points where one begins; its size */
	double job, job_size;      /* points between bursts at fixed intervals */
	double ramp, ramp_points;  /* up to so much, and back to 0 */
	double square;             /* amplitude of a square wave by day */
	double idle;               /* share of points that are 0 */
	double quantum;
	bool floored; /* not below 0 */
	bool irregular;
	int minutes; /* between points */
};

static const struct family families[] = {
    {.name = "gaussian", .level = 50, .noise = 2, .weekend = 1, .minutes = 5},
    {.name = "laplace", .kind = LAPLACE, .level = 20, .noise = 1, .weekend = 1, .minutes = 5},
    {.name = "heavy", .kind = HEAVY, .level = 100, .noise = 3, .weekend = 1, .minutes = 5},
    {.name = "idle-cpu",
     .kind = LAPLACE,
     .level = 0.1,
     .noise = 0.03,
     .weekend = 1,
     .burst_share = 0.003,
     .burst = 0.5,
     .quantum = 0.034,
     .floored = true,
     .minutes = 5},
    {.name = "day", .level = 60, .noise = 2, .day = 20, .weekend = 1, .minutes = 5},
    {.name = "week",
     .level = 15000,
     .noise = 500,
     .day = 8000,
     .weekend = 0.6,
     .floored = true,
     .minutes = 30},
    {.name = "counts",
     .kind = COUNTS,
     .level = 40,
     .day = 25,
     .weekend = 1,
     .floored = true,
     .minutes = 5},
    {.name = "autoregressive",
     .level = 10,
     .noise = 0.1,
     .walk = 0.5,
     .keep = 0.95,
     .weekend = 1,
     .minutes = 5},
    {.name = "network",
     .kind = LOGNORMAL,
     .level = 1e5,
     .noise = 0.5,
     .weekend = 1,
     .burst_share = 0.01,
     .burst = 2e6,
     .floored = true,
     .minutes = 5},
    {.name = "job",
     .kind = LAPLACE,
     .level = 5,
     .noise = 0.3,
     .job = 60,
     .job_size = 30,
     .weekend = 1,
     .floored = true,
     .minutes = 5},
    {.name = "disk",
     .kind = LOGNORMAL,
     .level = 1e4,
     .noise = 1,
     .idle = 0.8,
     .weekend = 1,
     .floored = true,
     .minutes = 5},
    {.name = "wander",
     .level = 85,
     .noise = 0.3,
     .walk = 0.4,
     .keep = 0.998,
     .weekend = 1,
     .minutes = 5},
    {.name = "posts",
     .kind = COUNTS,
     .level = 12,
     .day = 8,
     .weekend = 0.8,
     .burst_share = 0.004,
     .burst = 30,
     .floored = true,
     .minutes = 5},

    {.name = "memory",
     .held_out = true,
     .level = 30,
     .noise = 0.4,
     .ramp = 40,
     .ramp_points = 700,
     .weekend = 1,
     .quantum = 0.1,
     .minutes = 5},
    {.name = "price",
     .held_out = true,
     .kind = LOGNORMAL,
     .level = 0.5,
     .noise = 0.25,
     .day = 0.05,
     .weekend = 1,
     .burst_share = 0.006,
     .burst = 1,
     .floored = true,
     .irregular = true,
     .minutes = 60},
    {.name = "speed",
     .held_out = true,
     .kind = LAPLACE,
     .level = 65,
     .noise = 4,
     .day = 3,
     .weekend = 0.3,
     .burst_share = 0.01,
     .burst = -12,
     .quantum = 1,
     .irregular = true,
     .minutes = 6},
    {.name = "square",
     .held_out = true,
     .level = 20,
     .square = 60,
     .noise = 0,
     .weekend = 1,
     .minutes = 5},
    {.name = "smooth",
     .held_out = true,
     .level = 50,
     .day = 30,
     .noise = 0.1,
     .weekend = 1,
     .minutes = 5},
    {.name = "requests",
     .held_out = true,
     .kind = COUNTS,
     .level = 80,
     .day = 70,
     .weekend = 0.5,
     .burst_share = 0.003,
     .burst = 150,
     .job = 72,
     .job_size = 60,
     .floored = true,
     .minutes = 5},
    {.name = "outdoor",
     .held_out = true,
     .level = 12,
     .day = 5,
     .noise = 0.2,
     .walk = 0.3,
     .keep = 0.995,
     .weekend = 1,
     .quantum = 0.1,
     .minutes = 60},
    {.name = "students",
     .held_out = true,
     .kind = HEAVY,
     .level = 0,
     .noise = 1,
     .walk = 0.3,
     .keep = 0.9,
     .weekend = 1,
     .minutes = 1},
};

enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

static const struct family *find_family(const char *name)
{
	for (size_t i = 0; i < FAMILIES; i++)
		if (strcmp(families[i].name, name) == 0)
			return &families[i];
	msg_usage("there is no family '%s'", name);
}

/* The family as the seed makes it. */
static struct family vary(struct family f)
{
	double *const sizes[] = {&f.level, &f.noise, &f.day,    &f.walk,     &f.burst,
	                         &f.job,   &f.ramp,  &f.square, &f.job_size, &f.burst_share};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		*sizes[i] *= uniform(0.5, 1.5);
	f.job = round(f.job);
	return f;
}

/* ---- what the family does by itself ---- */

struct process {
	struct family f;
	double walk, burst;
	double phase; /* of the day, in days */
};

/* An anomaly that is in the way things go, not in the value alone. */
struct change {
	double noise; /* multiplies */
	double shift; /* of the time of day, in days */
};

static double day_shape(double days)
{
	return sin(2 * M_PI * days) + 0.3 * sin(4 * M_PI * days + 1);
}

/* Noise added to, or laid over, a mean. */
static double noisy(const struct family *f, double mean, double factor)
{
	double noise = f->noise * factor;

	switch (f->kind) {
	case GAUSSIAN:
		return mean + noise * gaussian();
	case LAPLACE:
		return mean + noise * exponential() * (next() & 1 ? 1 : -1);
	case HEAVY:
		return mean +
		       noise * gaussian() / sqrt((exponential() * 2 + pow(gaussian(), 2)) / 3);
	case LOGNORMAL:
		return mean * exp(noise * gaussian());
	case COUNTS:
		return mean + factor * (poisson(fmax(mean, 0)) - mean);
	}
	return mean;
}

/* Bursts: those at random fade, those at fixed intervals do not. */
static double bursts(struct process *p, size_t row)
{
	const struct family *f = &p->f;

	p->burst *= 0.5;
	if (f->burst_share > 0 && uniform(0, 1) < f->burst_share)
		p->burst += f->burst * exponential();
	return p->burst + (f->job > 0 && row % (size_t)f->job == 0 ? f->job_size : 0);
}

static double advance(struct process *p, size_t row, double days, struct change change)
{
	const struct family *f = &p->f;
	double at = days + p->phase + change.shift;
	bool weekend = fmod(floor(days + p->phase), 7) >= 5;
	double value = f->level + f->day * day_shape(at) * (weekend ? f->weekend : 1);

	p->walk = f->keep * p->walk + f->walk * gaussian();
	value += p->walk + (at - floor(at) < 0.4 ? f->square : 0);
	if (f->ramp_points > 0)
		value += f->ramp * fmod((double)row, f->ramp_points) / f->ramp_points;
	value = noisy(f, value + bursts(p, row), change.noise);
	return f->idle > 0 && uniform(0, 1) < f->idle ? 0 : value;
}

static double finish(const struct family *f, double value)
{
	if (f->quantum > 0)
		value = round(value / f->quantum) * f->quantum;
	return f->floored ? fmax(value, 0) : value;
}

/* ---- anomalies ---- */

enum kind { SPIKE, SHIFT, DRIFT, VARIANCE, STUCK, OUTAGE, SEASON, KINDS };
static const char *const kind_names[KINDS] = {"spike", "shift",  "drift", "variance",
                                              "stuck", "outage", "season"};

enum { ANOMALIES_MAX = 4 };

struct anomaly {
	enum kind kind;
	size_t first, points;
	double size; /* in what the family does by itself */
	double sign;
};

/* What the values of the first fifth were. */
struct extent {
	double low, high; /* the least and greatest */
	double spread;    /* between the 5th and the 95th of 100 */
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct extent measure(const double *values, size_t count)
{
	double *sorted = malloc(count * sizeof(*sorted));
	struct extent e;

	if (!sorted)
		msg_die(EX_OSERR, "out of memory");
	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	e.low = sorted[0];
	e.high = sorted[count - 1];
	e.spread = fmax(sorted[count * 95 / 100] - sorted[count * 5 / 100], (e.high - e.low) / 10);
	free(sorted);
	return e;
}

static bool fits(const struct family *f, enum kind kind)
{
	if (kind == SEASON)
		return f->day > f->noise || f->square > 0;
	if (kind == VARIANCE)
		return f->noise > 0 || f->kind == COUNTS;
	if (kind == STUCK)
		return f->idle == 0 && f->quantum < f->noise && f->square == 0;
	if (kind == OUTAGE)
		return f->idle == 0;
	return true;
}

static struct anomaly choose(const struct family *f, size_t first)
{
	static const struct {
		double least, most;
	} points[KINDS] = {{1, 4}, {80, 400}, {100, 400}, {60, 200}, {40, 150}, {10, 60}, {0, 0}};
	struct anomaly a = {.first = first};

	do
		a.kind = (enum kind)(next() % KINDS);
	while (!fits(f, a.kind));
	a.points = (size_t)uniform(points[a.kind].least, points[a.kind].most);
	if (a.kind == SEASON)
		a.points = (size_t)(1440 / f->minutes);
	a.size = uniform(0.5, 1.5);
	a.sign = f->floored || next() & 1 ? 1 : -1;
	return a;
}

static struct change change_of(const struct anomaly *a, size_t row)
{
	struct change none = {1, 0};

	if (!a || row < a->first || row >= a->first + a->points)
		return none;
	if (a->kind == VARIANCE)
		return (struct change){3 + 2 * a->size, 0};
	if (a->kind == SEASON)
		return (struct change){1, 0.4};
	return none;
}

static double plant(const struct anomaly *a, size_t row, double value, const struct extent *e,
                    double before)
{
	double part;

	if (!a || row < a->first || row >= a->first + a->points)
		return value;
	part = (double)(row - a->first + 1) / (double)a->points;
	switch (a->kind) {
	case SPIKE:
		return (a->sign > 0 ? e->high : e->low) +
		       a->sign * (0.3 + 0.5 * a->size) * (e->high - e->low);
	case SHIFT:
		return value + a->sign * (0.5 + 0.5 * a->size) * e->spread;
	case DRIFT:
		return value + a->sign * (0.5 + a->size) * part * e->spread;
	case STUCK:
		return before;
	case OUTAGE:
		return e->low - (e->low > 0 ? e->low : 0.3 * (e->high - e->low));
	default:
		return value;
	}
}

/* ---- the series ---- */

static struct series {
	size_t points, count;
	int64_t *times;
	double *values;
	struct anomaly anomalies[ANOMALIES_MAX];
} series;

static int64_t time_after(const struct family *f, int64_t time)
{
	double minutes = f->minutes;

	if (f->irregular)
		minutes *= uniform(0, 1) < 0.02 ? uniform(2, 20) : uniform(0.7, 1.3);
	else if (uniform(0, 1) < 0.001)
		minutes *= floor(uniform(2, 10)); /* some are missing */
	return time + (int64_t)round(minutes * 60) * CLOCK_SECOND;
}

static void choose_anomalies(struct series *s, const struct family *f)
{
	size_t first = s->points / 5, room;

	s->count = next() % (ANOMALIES_MAX + 1);
	if (s->count == 0)
		return;
	room = (s->points - first) / s->count;
	for (size_t i = 0; i < s->count; i++)
		s->anomalies[i] = choose(f, first + i * room +
		                                (size_t)(uniform(0.05, 0.6) * (double)room));
}

static const struct anomaly *anomaly_at(const struct series *s, size_t row)
{
	for (size_t i = 0; i < s->count; i++)
		if (row >= s->anomalies[i].first &&
		    row < s->anomalies[i].first + s->anomalies[i].points)
			return &s->anomalies[i];
	return NULL;
}

static void make(struct series *s, struct process *p)
{
	int64_t time = INT64_C(1400000000) * CLOCK_SECOND;
	struct extent extent = {0};

	p->phase = uniform(0, 7);
	for (size_t row = 0; row < s->points; row++) {
		const struct anomaly *a = anomaly_at(s, row);
		double days = (double)(time - INT64_C(1400000000) * CLOCK_SECOND) / 86400e6;
		double value = advance(p, row, days, change_of(a, row));

		if (row == s->points / 5)
			extent = measure(s->values, row);
		value = finish(&p->f, value);
		s->values[row] = plant(a, row, value, &extent, row ? s->values[row - 1] : 0);
		if (p->f.floored)
			s->values[row] = fmax(s->values[row], 0);
		s->times[row] = time;
		time = time_after(&p->f, time);
	}
}

static void write_series(const struct series *s)
{
	struct out out;

	out_init(&out, STDOUT_FILENO, "stdout");
	buf_append_string(&out.buf, "timestamp,value\n");
	for (size_t row = 0; row < s->points; row++) {
		char text[CLOCK_TEXT_LEN];

		clock_format(s->times[row], text);
		text[10] = ' ';
		buf_printf(&out.buf, "%.19s,%.10g\n", text, s->values[row]);
		out_line(&out);
	}
	out_close(&out);
}

static void write_windows(const struct series *s, const char *path)
{
	struct out out;
	size_t length = s->count ? s->points / 10 / s->count : 0;

	unlink(path); /* it may not be there */
	out_open_append(&out, path);
	for (size_t i = 0; i < s->count; i++) {
		size_t first = s->anomalies[i].first - length / 8;

		buf_printf(&out.buf, "%zu %zu %s\n", first, first + length - 1,
		           kind_names[s->anomalies[i].kind]);
	}
	out_close(&out);
}

int main(int argc, char **argv)
{
	struct process process = {0};

	msg_init("anomaly-series");
	if (argc == 2 && strcmp(argv[1], "--families") == 0) {
		for (size_t i = 0; i < FAMILIES; i++)
			printf("%s %s\n", families[i].name,
			       families[i].held_out ? "held-out" : "tune");
		return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
	}
	if (argc != 4 && argc != 5)
		msg_usage("arguments: FAMILY SEED POINTS [WINDOWS]");
	state = opt_u64("SEED", argv[2], 0, UINT64_MAX) ^ slice_hash(slice_of(argv[1]));
	process.f = vary(*find_family(argv[1]));
	series.points = opt_u64("POINTS", argv[3], 100, 100 * 1000 * 1000);
	series.times = calloc(series.points, sizeof(*series.times));
	series.values = calloc(series.points, sizeof(*series.values));
	if (!series.times || !series.values)
		msg_die(EX_OSERR, "out of memory");
	choose_anomalies(&series, &process.f);
	make(&series, &process);
	write_series(&series);
	if (argc == 5)
		write_windows(&series, argv[4]);
	free(series.times);
	free(series.values);
	return EX_OK;
}
