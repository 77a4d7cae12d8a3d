#include "topic.h"

#include <string.h>

/* Walks the levels of a topic, a filter or a template. */
struct levels {
	struct slice rest;
	bool left;
};

static struct levels levels_of(struct slice text)
{
	return (struct levels){text, true};
}

static struct slice next_level(struct levels *l)
{
	const char *slash = l->rest.len ? memchr(l->rest.ptr, '/', l->rest.len) : NULL;
	struct slice level = l->rest;

	l->left = slash != NULL;
	if (slash) {
		level.len = (size_t)(slash - level.ptr);
		l->rest.ptr += level.len + 1;
		l->rest.len -= level.len + 1;
	}
	return level;
}

/* A wildcard must fill its level, and '#' be the last. */
static const char *wildcard_fault(struct slice level, bool last)
{
	bool plus = level.len && memchr(level.ptr, '+', level.len);
	bool hash = level.len && memchr(level.ptr, '#', level.len);

	if ((plus || hash) && level.len > 1)
		return "'+' and '#' stand for whole levels";
	if (hash && !last)
		return "'#' is not the last level";
	return NULL;
}

const char *topic_filter_fault(struct slice filter)
{
	struct levels l = levels_of(filter);
	const char *fault = filter.len ? NULL : "it is empty";

	while (!fault && l.left) {
		struct slice level = next_level(&l);

		fault = wildcard_fault(level, !l.left);
	}
	return fault;
}

/* A level of a template. */
struct placeholder {
	struct slice before, after; /* text around it */
	bool type, sensor, rest; /* {type}, {sensor}, {sensor...}; none: there is no placeholder */
};

static const struct slice type_name = {"{type}", 6}, sensor_name = {"{sensor}", 8},
			  rest_name = {"{sensor...}", 11};

static struct placeholder read_placeholder(struct slice level)
{
	const char *brace = level.len ? memchr(level.ptr, '{', level.len) : NULL;
	struct placeholder p = {.before = level};
	struct slice from;

	if (!brace)
		return p;
	from = (struct slice){brace, level.len - (size_t)(brace - level.ptr)};
	p.type = slice_starts_with(from, type_name);
	p.sensor = slice_starts_with(from, sensor_name);
	p.rest = slice_starts_with(from, rest_name);
	if (p.type || p.sensor || p.rest) {
		size_t len = p.type ? type_name.len : p.sensor ? sensor_name.len : rest_name.len;

		p.before.len = (size_t)(brace - level.ptr);
		p.after = (struct slice){from.ptr + len, from.len - len};
	}
	return p;
}

static bool has_brace(struct slice s)
{
	return s.len && (memchr(s.ptr, '{', s.len) || memchr(s.ptr, '}', s.len));
}

const char *topic_template_fault(struct slice template)
{
	struct levels l = levels_of(template);
	bool type = false, sensor = false;
	const char *fault = template.len ? NULL : "it is empty";

	while (!fault && l.left) {
		struct slice level = next_level(&l);
		struct placeholder p = read_placeholder(level);

		fault = wildcard_fault(level, !l.left);
		if (has_brace(p.before) || has_brace(p.after))
			fault = "a level takes one of {type}, {sensor} and {sensor...}";
		else if ((p.type && type) || ((p.sensor || p.rest) && sensor))
			fault = "a placeholder is given twice";
		else if (p.rest && (p.after.len || l.left))
			fault = "{sensor...} is not at the end";
		type |= p.type;
		sensor |= p.sensor || p.rest;
	}
	if (!fault && !type && !sensor)
		fault = "there is neither {type} nor {sensor} in it";
	return fault;
}

/* '$SYS' and its like are not meant by wildcards. */
static bool is_hidden(struct slice topic, struct slice pattern)
{
	return topic.len && *topic.ptr == '$' && (pattern.len == 0 || *pattern.ptr != '$');
}

bool topic_filter_matches(struct slice filter, struct slice topic)
{
	struct levels f = levels_of(filter), t = levels_of(topic);

	if (is_hidden(topic, filter))
		return false;
	while (f.left) {
		struct slice wanted = next_level(&f), level;

		if (slice_is(wanted, "#"))
			return true;
		if (!t.left)
			return false;
		level = next_level(&t);
		if (!slice_is(wanted, "+") && !slice_equal(wanted, level))
			return false;
	}
	return !t.left;
}

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
static bool match_level(struct slice wanted, struct levels *t, struct topic_names *names)
{
	struct placeholder p = read_placeholder(wanted);
	struct slice from = t->rest, level = next_level(t);

	if (p.type)
		return take(&p, level, &names->type);
	if (p.sensor)
		return take(&p, level, &names->sensor);
	if (p.rest) {
		t->left = false;
		return take(&p, from, &names->sensor);
	}
	return slice_is(wanted, "+") || slice_equal(wanted, level);
}

bool topic_template_matches(struct slice template, struct slice topic, struct topic_names *names)
{
	struct levels w = levels_of(template), t = levels_of(topic);

	*names = (struct topic_names){0};
	if (is_hidden(topic, template))
		return false;
	while (w.left) {
		struct slice wanted = next_level(&w);

		if (slice_is(wanted, "#"))
			return true;
		if (!t.left || !match_level(wanted, &t, names))
			return false;
	}
	return !t.left;
}
