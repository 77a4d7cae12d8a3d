#include "map/map.h"

#include "base/msg.h"
#include "map/map_rules.h"
#include "whole_file.h"

#include <stdlib.h>

void map_free(struct map *map)
{
	if (!map)
		return;
	buf_free(&map->file);
	buf_free(&map->texts);
	buf_free(&map->nodes);
	buf_free(&map->pointers);
	buf_free(&map->metrics);
	buf_free(&map->words);
	buf_free(&map->except);
	free(map);
}

/* So that an empty span of them is a place, too. */
static void reserve_arrays(struct map *map)
{
	struct buf *const arrays[] = {&map->pointers, &map->metrics, &map->words, &map->except};

	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
		buf_reserve(arrays[i], 1);
}

struct map *map_read(struct slice text, struct buf *error)
{
	struct map *map = calloc(1, sizeof(*map));
	struct map_reader reader = {.map = map, .error = error};
	int read;

	if (!map)
		msg_die(EX_OSERR, "out of memory");
	reserve_arrays(map);
	buf_append_slice(&map->file, text);
	buf_reserve(&map->file, 1);
	/* Slices point into it, so it must not move: what is unescaped, the tokens of pointers,
	 * and their names joined by dots are each no longer than the text. */
	buf_reserve(&map->texts, 3 * text.len + 1);
	reader.text = buf_slice(&map->file);
	read = map_rules_read(&reader);
	buf_free(&reader.place);
	if (read == 0)
		return map;
	map_free(map);
	return NULL;
}

struct map *map_load(const char *path)
{
	struct buf text = {0}, error = {0};
	struct map *map;

	whole_file_read("map", path, MAP_FILE_MAX, &text);
	map = map_read(buf_slice(&text), &error);
	if (!map)
		msg_die(EX_CONFIG, "%s%.*s", path, SLICE_ARG(buf_slice(&error)));
	buf_free(&text);
	buf_free(&error);
	return map;
}

bool map_is_quality(struct slice number)
{
	return number.len == 1 && memchr("12349", *number.ptr, 5);
}

const struct map_rule *map_rule_for(const struct map *map, struct slice topic,
                                    struct topic_names *names)
{
	for (size_t i = 0; i < map->rule_count; i++)
		if (topic_template_matches(&map->rules[i].topic, topic, names))
			return &map->rules[i];
	return NULL;
}
