#include "lttb.h"

#include <math.h>

/* The point that stands for a bucket that is not chosen from yet. Times count from `origin`. */
struct mean {
	double x, y;
};

static struct mean mean_of(const struct point *points, size_t from, size_t to, int64_t origin)
{
	struct mean mean = {0, 0};
	double count = (double)(to - from);

	for (size_t i = from; i < to; i++) {
		mean.x += (double)(points[i].time - origin) / count;
		mean.y += points[i].value / count;
	}
	return mean;
}

/* Twice the area of the triangle of two points and a mean, `a` being where times count from. */
static double area(const struct point *a, const struct point *b, struct mean mean)
{
	double x = (double)(b->time - a->time);

	return fabs(x * (mean.y - a->value) - mean.x * (b->value - a->value));
}

static size_t largest(const struct point *points, size_t from, size_t to, const struct point *kept,
                      struct mean mean)
{
	size_t best = from;
	double most = -1;

	for (size_t i = from; i < to; i++) {
		double size = area(kept, &points[i], mean);

		if (size > most) {
			most = size;
			best = i;
		}
	}
	return best;
}

size_t lttb_reduce(struct point *points, size_t count, size_t want)
{
	double every;

	if (want >= count)
		return count;
	every = want > 2 ? (double)(count - 2) / (double)(want - 2) : 0;
	/* What is kept goes to the front, over points that were passed already. */
	for (size_t kept = 1; kept < want - 1; kept++) {
		struct point before = points[kept - 1];
		size_t from = (size_t)((double)(kept - 1) * every) + 1;
		size_t to = (size_t)((double)kept * every) + 1;
		size_t next = (size_t)((double)(kept + 1) * every) + 1;
		struct mean mean = mean_of(points, to, next < count ? next : count, before.time);

		points[kept] = points[largest(points, from, to, &before, mean)];
	}
	points[want - 1] = points[count - 1];
	return want;
}
