#include "findings.h"

#include "record/escape.h"
#include "text/json.h"

#include <string.h>

static const char *const names[LEVELS] = {
    [LEVEL_OK] = "ok",
    [LEVEL_SKIPPED] = "skipped",
    [LEVEL_WARNING] = "warning",
    [LEVEL_PROBLEM] = "problem",
};

enum level findings_level(const char *name)
{
	enum level level = LEVEL_OK;

	while (level < LEVELS && strcmp(names[level], name) != 0)
		level++;
	return level;
}

static void append_text(struct findings *f, enum level level, const char *name, const char *found,
                        const char *mend)
{
	struct buf *out = &f->out;

	if (f->quiet && (level == LEVEL_OK || level == LEVEL_SKIPPED))
		return;
	buf_printf(out, "%-7s  ", names[level]);
	escape_append(out, slice_of(name));
	buf_append_string(out, ": ");
	escape_append(out, slice_of(found));
	buf_putc(out, '\n');
	if (mend == NULL)
		return;
	buf_append_string(out, "    ");
	escape_append(out, slice_of(mend));
	buf_putc(out, '\n');
}

static void append_member(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "\"%s\":", name);
	if (value != NULL)
		json_append_string(out, slice_of(value));
	else
		buf_append_string(out, "null");
}

static void append_json(struct findings *f, enum level level, const char *name, const char *found,
                        const char *mend)
{
	struct buf *out = &f->out;

	buf_append_string(out, out->len == 0 ? "[{" : ",{");
	append_member(out, "level", names[level]);
	buf_putc(out, ',');
	append_member(out, "name", name);
	buf_putc(out, ',');
	append_member(out, "found", found);
	buf_putc(out, ',');
	append_member(out, "mend", mend);
	buf_putc(out, '}');
}

void findings_add(struct findings *f, enum level level, const char *name, const char *found,
                  const char *mend)
{
	bool wrong = level == LEVEL_WARNING || level == LEVEL_PROBLEM;

	f->counts[level]++;
	(f->json ? append_json : append_text)(f, level, name, found, wrong ? mend : NULL);
}

void findings_end(struct findings *f)
{
	if (f->json)
		buf_append_string(&f->out, f->out.len == 0 ? "[]\n" : "]\n");
}

void findings_free(struct findings *f)
{
	buf_free(&f->out);
}
