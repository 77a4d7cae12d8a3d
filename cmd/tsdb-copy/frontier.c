#include "frontier.h"

void frontier_init(struct frontier *f, size_t writers)
{
	*f = (struct frontier){.count = writers};
}

static bool is_passed(const struct frontier *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->writers[i].done < f->writers[i].awaiting)
			return false;
	return true;
}

/* Passes the cut if everything before it is done, and makes the next one. */
static void advance(struct frontier *f)
{
	while (f->cut < f->complete || f->passed < f->cut) {
		if (!is_passed(f))
			return;
		f->passed = f->cut;
		if (f->cut == f->complete)
			return;
		f->cut = f->complete;
		for (size_t i = 0; i < f->count; i++)
			f->writers[i].awaiting = f->writers[i].begun;
	}
}

void frontier_begin(struct frontier *f, size_t writer)
{
	f->writers[writer].begun++;
}

void frontier_end(struct frontier *f, size_t writer)
{
	f->writers[writer].done++;
}

void frontier_complete(struct frontier *f, uint64_t seq)
{
	if (seq > f->complete)
		f->complete = seq;
}

uint64_t frontier_seq(struct frontier *f)
{
	advance(f);
	return f->passed;
}
