#include "base/msg.h"

#define uthash_fatal(text) msg_die(EX_OSERR, "%s", text)

#include "inference.h"
#include "schema.h"

#include "compile.h"
#include "exact.h"
#include "schema_set.h"

#include "text/json.h"
#include "text/utf8.h"

#include <math.h>

static struct trait *find_trait(const struct kind *k, struct slice name)
{
	struct trait *t;

	HASH_FIND(hh, k->traits, name.ptr, name.len, t);
	return t;
}

static struct trait *add_trait(struct inference *n, struct kind *k, struct slice name)
{
	struct trait *t = pool_zeroed(&n->pool, 1, sizeof(*t));

	t->name = pool_copy(&n->pool, name);
	HASH_ADD_KEYPTR(hh, k->traits, t->name.ptr, t->name.len, t);
	*k->last = t;
	k->last = &t->next;
	n->trait_count++;
	return t;
}

/* Finds or adds; NULL when there are too many. */
static struct kind *find_kind(struct inference *n, struct slice type, struct slice version)
{
	struct kind *k;

	/* No name has a TAB in it. */
	buf_clear(&n->key);
	buf_append_slice(&n->key, version);
	buf_putc(&n->key, '\t');
	buf_append_slice(&n->key, type);
	HASH_FIND(hh, n->kinds, n->key.ptr, n->key.len, k);
	if (k || n->kind_count == INFER_KINDS_MAX)
		return k;
	k = pool_zeroed(&n->pool, 1, sizeof(*k));
	k->version = pool_copy(&n->pool, buf_slice(&n->key));
	k->type = (struct slice){k->version.ptr + version.len + 1, type.len};
	HASH_ADD_KEYPTR(hh, n->kinds, k->version.ptr, k->version.len, k);
	k->version.len = version.len;
	k->last = &k->first;
	if (!n->last)
		n->last = &n->first;
	*n->last = k;
	n->last = &k->next;
	n->kind_count++;
	return k;
}

/* Whether there is room for what is new in a reading. */
static bool has_room(const struct inference *n, const struct kind *k, const struct reading *r)
{
	size_t fresh = 0;

	for (size_t i = 0; i < r->count; i++)
		fresh += !find_trait(k, r->metrics[i].name);
	return n->trait_count + fresh <= INFER_METRICS_MAX &&
	       HASH_COUNT(k->traits) + fresh <= SCHEMA_MEMBERS_MAX;
}

/* The value, or where a double takes it for 0, the one next to 0 on its side. */
static double never_rounded_to_zero(const struct metric *m)
{
	const struct exact zero = {0, SLICE("0")};
	int sign = m->number == 0 ? exact_compare((struct exact){m->number, m->text}, zero) : 0;

	return sign == 0 ? m->number : nextafter(0, sign);
}

static void take_number(struct trait *t, const struct metric *m)
{
	double value = never_rounded_to_zero(m);
	bool integer = !memchr(m->text.ptr, '.', m->text.len) &&
	               !memchr(m->text.ptr, 'e', m->text.len) &&
	               !memchr(m->text.ptr, 'E', m->text.len);

	if (!(t->types & (TYPE_NUMBER | TYPE_INTEGER))) {
		t->least = t->most = value;
		t->types |= integer ? TYPE_INTEGER : TYPE_NUMBER;
		return;
	}
	if (value < t->least)
		t->least = value;
	if (value > t->most)
		t->most = value;
	if (!integer)
		t->types = (t->types & ~(unsigned)TYPE_INTEGER) | TYPE_NUMBER;
}

static void take_word(struct inference *n, struct trait *t, struct slice word)
{
	for (size_t i = 0; i < t->word_count; i++)
		if (slice_equal(t->words[i], word))
			return;
	if (t->word_count == INFER_WORDS_MAX || word.len > INFER_WORD_BYTES_MAX)
		t->many_words = true;
	else
		t->words[t->word_count++] = pool_copy(&n->pool, word);
}

static void take_string(struct inference *n, struct trait *t, const struct metric *m)
{
	size_t length;

	buf_clear(&n->unescaped);
	json_unescape((struct slice){m->text.ptr + 1, m->text.len - 2}, &n->unescaped);
	length = utf8_length(buf_slice(&n->unescaped));
	t->types |= TYPE_STRING;
	if (length > t->longest)
		t->longest = length;
	if (!t->many_words)
		take_word(n, t, buf_slice(&n->unescaped));
}

static void take_unit(struct inference *n, struct trait *t, struct slice unit)
{
	if (unit.len == 0 || t->many_units)
		return;
	if (t->unit.len == 0)
		t->unit = pool_copy(&n->pool, unit);
	else if (!slice_equal(t->unit, unit))
		t->many_units = true;
}

static void take_metric(struct inference *n, struct kind *k, const struct metric *m)
{
	struct trait *t = find_trait(k, m->name);

	if (!t)
		t = add_trait(n, k, m->name);
	t->count++;
	take_unit(n, t, m->unit);
	if (m->kind == VALUE_NUMBER)
		take_number(t, m);
	else if (m->kind == VALUE_STRING)
		take_string(n, t, m);
	else
		t->types |= TYPE_BOOLEAN;
}

void inference_take(struct inference *n, const struct reading *r)
{
	struct slice version = r->schema.len ? r->schema : SCHEMA_VERSION_DEFAULT;
	struct kind *k = find_kind(n, r->type, version);

	if (!k || !has_room(n, k, r)) {
		n->over_limits++;
		return;
	}
	k->count++;
	for (size_t i = 0; i < r->count; i++)
		take_metric(n, k, &r->metrics[i]);
}

void inference_free(struct inference *n)
{
	for (struct kind *k = n->first; k; k = k->next)
		HASH_CLEAR(hh, k->traits);
	HASH_CLEAR(hh, n->kinds);
	pool_free(&n->pool);
	buf_free(&n->key);
	buf_free(&n->unescaped);
}
