#define PCRE2_CODE_UNIT_WIDTH 8

#include "pattern.h"

#include "ecma.h"

#include "base/msg.h"

#include <pcre2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack; /* NULL where there is no JIT */
	bool anchored;          /* a match can start in one place only */
};

/* NULL with a text of why. */
static pcre2_code *compile(struct slice ecma, char *why, size_t size)
{
	const uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY |
	                         PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS |
	                         PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	struct buf regex = {0};
	pcre2_code *code;
	int error;
	size_t at;

	if (!context)
		msg_die(EX_OSERR, "out of memory");
	pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
	pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
	ecma_append(&regex, ecma);
	code = pcre2_compile((PCRE2_SPTR)buf_string(&regex), regex.len, options, &error, &at,
	                     context);
	if (!code) {
		char text[128];

		pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
		/* A place in what was rewritten says nothing about what is written. */
		if (regex.len == ecma.len)
			snprintf(why, size, "%s, at offset %zu", text, at);
		else
			snprintf(why, size, "%s", text);
	}
	buf_free(&regex);
	pcre2_compile_context_free(context);
	return code;
}

/* Faster code and a stack for it, where the machine and its policy (W^X) allow it. */
static void compile_just_in_time(struct pattern *p)
{
	if (pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) != 0)
		return;
	p->stack = pcre2_jit_stack_create(32 * 1024, PATTERN_STACK_MAX, NULL);
	if (p->stack)
		pcre2_jit_stack_assign(p->limits, NULL, p->stack);
}

struct pattern *pattern_compile(struct slice regex, char *why, size_t size)
{
	struct pattern *p = calloc(1, sizeof(*p));
	uint32_t options = 0;

	if (!p)
		msg_die(EX_OSERR, "out of memory");
	p->code = compile(regex, why, size);
	if (!p->code) {
		free(p);
		return NULL;
	}
	p->match = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->match || !p->limits)
		msg_die(EX_OSERR, "out of memory");
	pcre2_set_heap_limit(p->limits, PATTERN_HEAP_MAX);
	pcre2_pattern_info(p->code, PCRE2_INFO_ALLOPTIONS, &options);
	p->anchored = options & PCRE2_ANCHORED;
	compile_just_in_time(p);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_jit_stack_free(p->stack);
	pcre2_match_context_free(p->limits);
	pcre2_match_data_free(p->match);
	pcre2_code_free(p->code);
	free(p);
}

enum pattern_result pattern_search(const struct pattern *p, struct slice text)
{
	size_t starts = p->anchored ? 1 : text.len + 1;
	int found;

	if (text.len > PATTERN_TEXT_MAX)
		return PATTERN_LIMIT;
	/* PCRE2 counts its steps anew at every place a match may start. */
	pcre2_set_match_limit(p->limits, (uint32_t)(PATTERN_STEPS / starts));
	found = pcre2_match(p->code, (PCRE2_SPTR)text.ptr, text.len, 0, PCRE2_NO_UTF_CHECK,
	                    p->match, p->limits);
	/* 0: found, with groups that the match data has no room for. */
	if (found >= 0)
		return PATTERN_FOUND;
	return found == PCRE2_ERROR_NOMATCH ? PATTERN_NOT_FOUND : PATTERN_LIMIT;
}
