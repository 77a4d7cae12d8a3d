#include "sparkplug/sparkplug_topic.h"

#include "text/topic_filter.h"

static const struct slice namespace = SLICE("spBv1.0/");

static const char *const names[] = {
    [SPARKPLUG_NBIRTH] = "NBIRTH", [SPARKPLUG_DBIRTH] = "DBIRTH", [SPARKPLUG_NDATA] = "NDATA",
    [SPARKPLUG_DDATA] = "DDATA",   [SPARKPLUG_NDEATH] = "NDEATH", [SPARKPLUG_DDEATH] = "DDEATH",
    [SPARKPLUG_NCMD] = "NCMD",     [SPARKPLUG_DCMD] = "DCMD",     [SPARKPLUG_STATE] = "STATE",
};

bool sparkplug_topic_matches(struct slice topic)
{
	return slice_starts_with(topic, namespace);
}

/* The next level; empty where there is none. */
static struct slice next_level(struct topic_levels *l)
{
	return l->left ? topic_next_level(l) : SLICE("");
}

static bool read_type(struct slice level, enum sparkplug_type *type)
{
	for (*type = SPARKPLUG_NBIRTH; *type < SPARKPLUG_STATE; (*type)++)
		if (slice_is(level, names[*type]))
			return true;
	return false;
}

const char *sparkplug_topic_read(struct slice topic, struct sparkplug_topic *t)
{
	struct topic_levels l = topic_levels(topic);
	bool of_device;

	if (!slice_is(next_level(&l), "spBv1.0"))
		return "it does not start with spBv1.0/";
	t->group = next_level(&l);
	if (slice_is(t->group, names[SPARKPLUG_STATE])) {
		t->type = SPARKPLUG_STATE;
		return NULL;
	}
	if (!read_type(next_level(&l), &t->type))
		return "its third level is no Sparkplug message type";
	of_device = *names[t->type] == 'D';
	t->sensor = l.left ? l.rest : SLICE("");
	t->node = next_level(&l);
	t->device = next_level(&l);
	if (t->group.len == 0 || t->node.len == 0)
		return "its group or its node is empty";
	if (l.left || of_device != (t->device.len > 0) ||
	    (!of_device && t->sensor.len > t->node.len))
		return "it does not have the levels of its message type";
	return NULL;
}

const char *sparkplug_type_name(enum sparkplug_type type)
{
	return names[type];
}
