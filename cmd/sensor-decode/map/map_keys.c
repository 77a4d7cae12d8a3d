#include "map/map_keys.h"

#include "map/map_pointer.h"
#include "json/json_value.h"

int map_keys_pointer(struct map_reader *r, enum json_token token, struct map_scope *scope,
                     struct map_pointer *p)
{
	struct slice text;
	const char *fault;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	fault = map_pointer_want(r->map, scope, text, p);
	return fault ? map_reader_fail(r, "'%.*s' %s", SLICE_ARG(text), fault) : 0;
}

/* It may stand in a record. */
static int check_word(const struct map_word *word, struct fault *fault)
{
	struct buf scratch = {0};
	int checked = json_value_check(&word->value, word->word, &scratch, fault);

	buf_free(&scratch);
	return checked;
}

static int read_word(struct map_reader *r, enum json_token token, void *into)
{
	struct map_span *words = into;
	struct map_word word = {r->name, json_value_of(&r->json, token)};
	const struct map_word *others = map_words(r->map, *words);
	struct fault fault;

	if (token == JSON_OBJECT || token == JSON_ARRAY)
		return map_reader_fail(r, "must be a number, a string, true, false or null");
	if (check_word(&word, &fault) < 0)
		return map_reader_fail(r, "%s", fault.detail);
	for (uint32_t i = 0; i < words->count; i++)
		if (slice_equal(others[i].word, word.word))
			return map_reader_fail(r, "this word is given twice");
	if (words->count == MAP_WORDS_MAX)
		return map_reader_fail(r, "more than %d words", MAP_WORDS_MAX);
	buf_append(&r->map->words, &word, sizeof(word));
	words->count++;
	return 0;
}

int map_keys_words(struct map_reader *r, enum json_token token, struct map_span *words)
{
	words->first = (uint32_t)(r->map->words.len / sizeof(struct map_word));
	if (map_reader_each(r, token, JSON_OBJECT, read_word, words) < 0)
		return -1;
	return words->count ? 0 : map_reader_fail(r, "there is no word in it");
}
