/*
 * anomaly-judge: how good the scores of detectors are, by the windows in which anomalies were
 * planted.
 *
 * Reads a line for each scored series: SET DETECTOR FAMILY SCORES WINDOWS, SET being tune or
 * another name, SCORES a CSV file with a header whose last field is the score, WINDOWS a file of
 * anomaly-series. For each detector one threshold is chosen, for all series of the set tune, that
 * gives the greatest benchmark score there; with it each family is judged:
 *
 *   DETECTOR SET FAMILY windows found precision recall F1 false-per-10000 benchmark
 *
 * An event is a row at or over the threshold; those within EPISODE rows after one belong to it. One
 * within a window finds it; one outside of all is false. `benchmark` is the score of the Numenta
 * Anomaly Benchmark in its standard profile (Lavin and Ahmad 2015): a detection at the start of a
 * window gives 1, later ones less, by a sigmoid; a window without one takes 1; each row over the
 * threshold outside of windows takes up to 0.11; 0 is silence, 100 all found at once and nothing
 * else. It counts from the end of the probation on, 15 % of a series, at most 750 rows.
 */
#include "base/msg.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EPISODE = 20, WINDOWS_MAX = 16, NAME_SIZE = 32, PATH_SIZE = 256, LINE_SIZE = 1024 };

struct window {
	size_t first, last;
};

struct scored {
	char set[NAME_SIZE], detector[NAME_SIZE], family[NAME_SIZE];
	double *scores;
	size_t count, windows_count;
	struct window windows[WINDOWS_MAX];
};

struct tally {
	size_t points, windows, found, events, false_events;
	double benchmark; /* not yet normalized */
};

static struct scored *all;
static size_t all_count;

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		msg_die(EX_NOINPUT, "cannot read '%s'", path);
	return file;
}

/* ---- reading ---- */

static void read_scores(struct scored *s, const char *path)
{
	FILE *file = open_file(path);
	char line[LINE_SIZE];
	size_t room = 0;

	if (!fgets(line, sizeof(line), file))
		msg_die(EX_DATAERR, "'%s' is empty", path);
	while (fgets(line, sizeof(line), file)) {
		const char *comma = strrchr(line, ',');

		if (!comma)
			msg_die(EX_DATAERR, "'%s' has a line without a score", path);
		if (s->count == room) {
			room = room ? 2 * room : 4096;
			s->scores = realloc(s->scores, room * sizeof(*s->scores));
			if (!s->scores)
				msg_die(EX_OSERR, "out of memory");
		}
		s->scores[s->count++] = strtod(comma + 1, NULL);
	}
	fclose(file);
}

static void read_windows(struct scored *s, const char *path)
{
	FILE *file = open_file(path);
	struct window w;

	while (s->windows_count < WINDOWS_MAX &&
	       fscanf(file, "%zu %zu %*s", &w.first, &w.last) == 2)
		s->windows[s->windows_count++] = w;
	fclose(file);
}

static void read_all(void)
{
	char scores[PATH_SIZE], windows[PATH_SIZE];
	struct scored s = {0};

	while (scanf("%31s %31s %31s %255s %255s", s.set, s.detector, s.family, scores, windows) ==
	       5) {
		read_scores(&s, scores);
		read_windows(&s, windows);
		all = realloc(all, (all_count + 1) * sizeof(*all));
		if (!all)
			msg_die(EX_OSERR, "out of memory");
		all[all_count++] = s;
		s = (struct scored){0};
	}
}

/* ---- judging ---- */

static size_t probation(const struct scored *s)
{
	size_t rows = s->count * 15 / 100;

	return rows < 750 ? rows : 750;
}

/* 1 far before 0, -1 far behind it. */
static double sigmoid(double y)
{
	return 2 / (1 + exp(5 * y)) - 1;
}

/* What a row outside of all windows takes: little just behind one. */
static double false_cost(const struct scored *s, size_t row)
{
	const struct window *before = NULL;
	double y;

	for (size_t i = 0; i < s->windows_count; i++)
		if (s->windows[i].last < row)
			before = &s->windows[i];
	if (!before)
		return -1;
	y = (double)(row - before->last) / (double)(before->last - before->first);
	return y > 3 ? -1 : sigmoid(y);
}

static void judge_window(struct tally *t, const struct scored *s, const struct window *w,
                         double threshold)
{
	t->windows++;
	for (size_t row = w->first; row <= w->last && row < s->count; row++) {
		if (s->scores[row] < threshold || row < probation(s))
			continue;
		t->found++;
		t->benchmark += sigmoid(-(double)(w->last - row + 1) /
		                        (double)(w->last - w->first + 1)) /
		                sigmoid(-1);
		return;
	}
	t->benchmark -= 1;
}

static bool in_window(const struct scored *s, size_t row)
{
	for (size_t i = 0; i < s->windows_count; i++)
		if (row >= s->windows[i].first && row <= s->windows[i].last)
			return true;
	return false;
}

static void judge(struct tally *t, const struct scored *s, double threshold)
{
	size_t last = 0;

	t->points += s->count;
	for (size_t i = 0; i < s->windows_count; i++)
		judge_window(t, s, &s->windows[i], threshold);
	for (size_t row = probation(s); row < s->count; row++) {
		bool begins = last == 0 || row - last > EPISODE;

		if (s->scores[row] < threshold)
			continue;
		t->events += begins;
		last = row;
		if (in_window(s, row))
			continue;
		t->false_events += begins;
		t->benchmark += 0.11 * false_cost(s, row);
	}
}

static bool chosen(const struct scored *s, const char *detector, const char *set,
                   const char *family)
{
	return strcmp(s->detector, detector) == 0 && strcmp(s->set, set) == 0 &&
	       (!family || strcmp(s->family, family) == 0);
}

static struct tally judge_all(const char *detector, const char *set, const char *family,
                              double threshold)
{
	struct tally t = {0};

	for (size_t i = 0; i < all_count; i++)
		if (chosen(&all[i], detector, set, family))
			judge(&t, &all[i], threshold);
	return t;
}

static double normalized(const struct tally *t)
{
	double windows = (double)t->windows;

	return t->windows ? 100 * (t->benchmark + windows) / (2 * windows) : 100 * t->benchmark;
}

/* That of the detector's name, or the best of some that are close to each other. */
static double choose_threshold(const char *detector)
{
	const char *fixed = strchr(detector, '@');
	double best = -INFINITY, best_at = 1;

	if (fixed)
		return strtod(fixed + 1, NULL);

	for (double rarity = 0.5; rarity < 100; rarity *= 1.02) {
		double threshold = rarity / (rarity + 5);
		struct tally t = judge_all(detector, "tune", NULL, threshold);

		if (normalized(&t) > best) {
			best = normalized(&t);
			best_at = threshold;
		}
	}
	return best_at;
}

/* ---- telling ---- */

static void tell(const char *detector, const char *set, const char *family, double threshold)
{
	struct tally t = judge_all(detector, set, family, threshold);
	double recall = t.windows ? (double)t.found / (double)t.windows : 1;
	double precision = t.found + t.false_events
	                       ? (double)t.found / (double)(t.found + t.false_events)
	                       : 1;

	if (t.points == 0)
		return;
	printf("%s\t%s\t%s\t%zu\t%zu\t%.3f\t%.3f\t%.3f\t%.2f\t%.1f\n", detector, set,
	       family ? family : "all", t.windows, t.found, precision, recall,
	       precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0,
	       1e4 * (double)t.false_events / (double)t.points, normalized(&t));
}

/* Whether the same name of a detector (or of a family in a set) was there before. */
static bool seen_detector(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(all[k].detector, all[i].detector) == 0)
			return true;
	return false;
}

static bool seen_set(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (chosen(&all[k], all[i].detector, all[i].set, NULL))
			return true;
	return false;
}

static bool seen_family(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (chosen(&all[k], all[i].detector, all[i].set, all[i].family))
			return true;
	return false;
}

int main(void)
{
	msg_init("anomaly-judge");
	read_all();
	for (size_t i = 0; i < all_count; i++) {
		const char *detector = all[i].detector;
		double threshold;

		if (seen_detector(i))
			continue;
		threshold = choose_threshold(detector);
		printf("%s\tthreshold\t%.6f\n", detector, threshold);
		for (size_t k = i; k < all_count; k++)
			if (strcmp(all[k].detector, detector) == 0 && !seen_set(k))
				tell(detector, all[k].set, NULL, threshold);
		for (size_t k = i; k < all_count; k++)
			if (strcmp(all[k].detector, detector) == 0 && !seen_family(k))
				tell(detector, all[k].set, all[k].family, threshold);
	}
	for (size_t i = 0; i < all_count; i++)
		free(all[i].scores);
	free(all);
	return EX_OK;
}
