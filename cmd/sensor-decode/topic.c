#include "topic.h"

#include "text/topic_filter.h"

#include <string.h>

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
	struct topic_levels l = topic_levels(template);
	bool type = false, sensor = false;
	const char *fault = template.len ? NULL : "it is empty";

	while (!fault && l.left) {
		struct slice level = topic_next_level(&l);
		struct placeholder p = read_placeholder(level);

		fault = topic_wildcard_fault(level, !l.left);
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
	struct topic_levels w = topic_levels(template), t = topic_levels(topic);

	*names = (struct topic_names){0};
	if (topic_is_hidden(topic, template))
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
