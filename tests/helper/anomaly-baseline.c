/*
 * anomaly-baseline: scores of two plain detectors, for sensor-anomaly to be compared with.
 *
 *   anomaly-baseline gaussian <CSV >CSV   1 - the tail probability of the value under a Gaussian
 *                                         with mean and deviation of the last WINDOW values, as the
 *                                         windowed Gaussian detector of the Numenta Anomaly
 * Benchmark anomaly-baseline sigma <CSV >CSV      how many standard deviations from the mean of the
 * first FIRST values, as a part of 1: a static threshold
 *
 * Reads timestamp,value and writes timestamp,value,score, with more digits where a score is near 1.
 */
#include "base/msg.h"
#include "stream/line.h"
#include "stream/out.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 6400, STEP = 150, FIRST = 600 };

static struct window {
	double values[WINDOW]; /* a ring */
	size_t count, fresh;   /* all so far; since mean and deviation were taken */
	double mean, deviation;
} window;

static void measure(struct window *w, size_t count)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < count; i++)
		sum += w->values[i];
	w->mean = sum / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += (w->values[i] - w->mean) * (w->values[i] - w->mean);
	w->deviation = sqrt(squares / (double)count);
	if (w->deviation == 0)
		w->deviation = 1e-6;
}

/* Monotone in the tail probability, but told as its logarithm, which does not saturate. */
static double gaussian(struct window *w, double value)
{
	double z = w->deviation > 0 ? fabs(value - w->mean) / w->deviation : 0;
	double rarity = z > 30 ? z * z / 4.6 : -log10(erfc(z / M_SQRT2));

	w->values[w->count++ % WINDOW] = value;
	if (++w->fresh >= STEP) {
		measure(w, w->count < WINDOW ? w->count : WINDOW);
		w->fresh = 0;
	}
	return rarity / (rarity + 5);
}

static double sigma(struct window *w, double value)
{
	double z;

	if (w->count < FIRST) {
		w->values[w->count++] = value;
		measure(w, w->count);
		return 0;
	}
	z = fabs(value - w->mean) / w->deviation;
	return z / (z + 3);
}

int main(int argc, char **argv)
{
	double (*score)(struct window *, double);
	struct line_reader lines;
	struct slice line;
	struct out out;

	msg_init("anomaly-baseline");
	if (argc != 2 || (strcmp(argv[1], "gaussian") != 0 && strcmp(argv[1], "sigma") != 0))
		msg_usage("arguments: gaussian|sigma");
	score = strcmp(argv[1], "gaussian") == 0 ? gaussian : sigma;
	line_init(&lines, STDIN_FILENO, "stdin", LINE_MAX_DEFAULT);
	out_init(&out, STDOUT_FILENO, "stdout");
	while (line_next(&lines, &line) == LINE_OK) {
		const char *comma = memchr(line.ptr, ',', line.len);

		buf_append_slice(&out.buf, line);
		if (lines.number == 1)
			buf_append_string(&out.buf, ",score\n");
		else
			buf_printf(&out.buf, ",%.9f\n",
			           score(&window, comma ? strtod(comma + 1, NULL) : 0));
		out_line(&out);
	}
	out_close(&out);
	line_free(&lines);
	return EX_OK;
}
