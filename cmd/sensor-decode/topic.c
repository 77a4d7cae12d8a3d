#include "topic.h"

#include "text/topic_filter.h"

#include <stddef.h>
#include <string.h>

/* What may be named, and how; `at` is its place in struct topic_names. */
static const struct part {
	struct slice placeholder; /* empty: there is none */
	struct slice constant;
	size_t at;
	bool rest; /* all the levels that are left */
} parts[] = {
    {{"{type}", 6}, {"type=", 5}, offsetof(struct topic_names, type), false},
    {{"{sensor}", 8}, {"sensor=", 7}, offsetof(struct topic_names, sensor), false},
    {{"{sensor...}", 11}, {0}, offsetof(struct topic_names, sensor), true},
    {{"{metric}", 8}, {"metric=", 7}, offsetof(struct topic_names, metric), false},
    {{0}, {"schema=", 7}, offsetof(struct topic_names, schema), false},
};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

static struct slice *named(struct topic_names *names, const struct part *part)
{
	return (struct slice *)((char *)names + part->at);
}

/* ---- reading ---- */

/* A level of a template. */
struct placeholder {
	const struct part *part;    /* NULL: there is none */
	struct slice before, after; /* text around it */
};

static struct placeholder read_placeholder(struct slice level)
{
	const char *brace = level.len ? memchr(level.ptr, '{', level.len) : NULL;
	struct placeholder p = {.before = level};
	struct slice from;

	if (!brace)
		return p;
	from = (struct slice){brace, level.len - (size_t)(brace - level.ptr)};
	for (size_t i = 0; i < PARTS; i++) {
		size_t len = parts[i].placeholder.len;

		if (len == 0 || !slice_starts_with(from, parts[i].placeholder))
			continue;
		p.part = &parts[i];
		p.before.len = (size_t)(brace - level.ptr);
		p.after = (struct slice){from.ptr + len, from.len - len};
		break;
	}
	return p;
}

static bool has_brace(struct slice s)
{
	return s.len && (memchr(s.ptr, '{', s.len) || memchr(s.ptr, '}', s.len));
}

static const char given_twice[] = "a name is given twice";

static const char *read_level(struct topic_template *t, struct topic_names *seen,
                              struct slice level, bool last)
{
	struct placeholder p = read_placeholder(level);
	struct slice *name;

	if (has_brace(p.before) || has_brace(p.after))
		return "a level takes one of {type}, {sensor}, {sensor...} and {metric}";
	if (p.part) {
		name = named(seen, p.part);
		if (name->ptr || named(&t->fixed, p.part)->ptr)
			return given_twice;
		if (p.part->rest && (p.after.len || !last))
			return "{sensor...} is not at the end";
		*name = level;
	}
	return topic_wildcard_fault(level, last);
}

/* Cuts the last word off what is left of the text when it is a constant. */
static const char *cut_constant(struct slice *text, struct topic_names *fixed, bool *cut)
{
	const char *blank = text->len ? memrchr(text->ptr, ' ', text->len) : NULL;
	struct slice word, *name;

	*cut = false;
	if (!blank)
		return NULL;
	word.ptr = blank + 1;
	word.len = text->len - (size_t)(word.ptr - text->ptr);
	if (word.len == 0 || !memchr(word.ptr, '=', word.len))
		return NULL;
	for (size_t i = 0; i < PARTS; i++) {
		size_t len = parts[i].constant.len;

		if (len == 0 || !slice_starts_with(word, parts[i].constant))
			continue;
		name = named(fixed, &parts[i]);
		if (name->ptr)
			return given_twice;
		if (word.len == len)
			return "a constant is empty";
		*name = (struct slice){word.ptr + len, word.len - len};
		text->len = (size_t)(blank - text->ptr);
		*cut = true;
		return NULL;
	}
	return "a constant is none of type=, sensor=, schema= and metric=";
}

const char *topic_template_read(struct slice text, struct topic_template *t)
{
	struct topic_names seen = {0};
	const char *fault;
	struct topic_levels l;
	bool cut;

	*t = (struct topic_template){0};
	do {
		fault = cut_constant(&text, &t->fixed, &cut);
	} while (cut);
	t->levels = text;
	if (!fault && text.len == 0)
		fault = "it is empty";
	for (l = topic_levels(text); !fault && l.left;) {
		struct slice level = topic_next_level(&l);

		fault = read_level(t, &seen, level, !l.left);
	}
	t->has_metric = seen.metric.ptr || t->fixed.metric.ptr;
	t->tells = t->has_metric || seen.type.ptr || seen.sensor.ptr || t->fixed.type.ptr ||
	           t->fixed.sensor.ptr || t->fixed.schema.ptr;
	return fault;
}

/* ---- matching ---- */

/* What stands for the placeholder in a level, or in all that is left from it on. */
static bool take(const struct placeholder *p, struct slice level, struct slice *taken)
{
	if (level.len <= p->before.len + p->after.len || !slice_starts_with(level, p->before))
		return false;
	*taken = (struct slice){level.ptr + p->before.len,
	                        level.len - p->before.len - p->after.len};
	return slice_equal((struct slice){taken->ptr + taken->len, p->after.len}, p->after);
}

/* Matches one level of the template that is not '#' at the front of what is left of the topic. */
static bool match_level(struct slice wanted, struct topic_levels *t, struct topic_names *names)
{
	struct placeholder p = read_placeholder(wanted);
	struct slice from = t->rest, level = topic_next_level(t);

	if (!p.part)
		return slice_is(wanted, "+") || slice_equal(wanted, level);
	if (p.part->rest) {
		t->left = false;
		level = from;
	}
	return take(&p, level, named(names, p.part));
}

bool topic_template_matches(const struct topic_template *template, struct slice topic,
                            struct topic_names *names)
{
	struct topic_levels w = topic_levels(template->levels), t = topic_levels(topic);

	*names = template->fixed;
	if (topic_is_hidden(topic, template->levels))
		return false;
	while (w.left) {
		struct slice wanted = topic_next_level(&w);

		if (slice_is(wanted, "#"))
			return true;
		if (!t.left || !match_level(wanted, &t, names))
			return false;
	}
	return !t.left;
}
