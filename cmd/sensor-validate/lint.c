#include "lint.h"

#include "check_value.h"
#include "lint_stream.h"

struct linter {
	struct faults *faults;
	struct check check;
};

/* The next warning is of this keyword of `v`. */
static void at(struct linter *l, const struct value_schema *v, const char *keyword)
{
	buf_clear(&l->faults->pointer);
	buf_append_slice(&l->faults->pointer, v->place);
	faults_enter(l->faults, slice_of(keyword));
}

/* A lower limit that is over an upper one, or, where one of them is exclusive, equal to it. */
static void lint_range(struct linter *l, const struct value_schema *v, unsigned has,
                       const char *keyword, struct exact low, const char *other, struct exact high,
                       bool exclusive)
{
	int order;

	if ((v->has & has) != has)
		return;
	order = exact_compare(low, high);
	if (order < 0 || (order == 0 && !exclusive))
		return;
	at(l, v, keyword);
	faults_warn(l->faults, "no number holds: %s is %.*s", other, SLICE_ARG(high.text));
}

static void lint_ranges(struct linter *l, const struct value_schema *v)
{
	lint_range(l, v, HAS_MINIMUM | HAS_MAXIMUM, "minimum", v->minimum, "maximum", v->maximum,
	           false);
	lint_range(l, v, HAS_MINIMUM | HAS_EXCLUSIVE_MAXIMUM, "minimum", v->minimum,
	           "exclusiveMaximum", v->exclusive_maximum, true);
	lint_range(l, v, HAS_EXCLUSIVE_MINIMUM | HAS_MAXIMUM, "exclusiveMinimum",
	           v->exclusive_minimum, "maximum", v->maximum, true);
	lint_range(l, v, HAS_EXCLUSIVE_MINIMUM | HAS_EXCLUSIVE_MAXIMUM, "exclusiveMinimum",
	           v->exclusive_minimum, "exclusiveMaximum", v->exclusive_maximum, true);
	if (v->has & HAS_MIN_LENGTH && v->has & HAS_MAX_LENGTH && v->min_length > v->max_length) {
		at(l, v, "minLength");
		faults_warn(l->faults, "no string holds: it is over maxLength");
	}
}

/* Keywords for values of a type that `type` does not take. */
static void lint_effects(struct linter *l, const struct value_schema *v)
{
	const unsigned of_numbers = HAS_MINIMUM | HAS_MAXIMUM | HAS_EXCLUSIVE_MINIMUM |
	                            HAS_EXCLUSIVE_MAXIMUM | HAS_MULTIPLE_OF;
	const unsigned of_strings = HAS_MIN_LENGTH | HAS_MAX_LENGTH | HAS_PATTERN;

	if (!(v->has & HAS_TYPE))
		return;
	at(l, v, "type");
	if ((v->has & of_numbers || v->stream) && !(v->type & (TYPE_NUMBER | TYPE_INTEGER)))
		faults_warn(l->faults, "takes no number: the keywords for numbers have no effect");
	if (v->has & of_strings && !(v->type & TYPE_STRING))
		faults_warn(l->faults, "takes no string: the keywords for strings have no effect");
	if (v->object && !(v->type & TYPE_OBJECT))
		faults_warn(l->faults, "takes no object: the keywords for objects have no effect");
}

/* A value of const or enum that the other keywords refuse. */
static void lint_literal(struct linter *l, const struct value_schema *v,
                         const struct json_value *literal)
{
	struct value_schema others = *v;
	struct json_value nameless = *literal;

	nameless.name = (struct slice){0};
	buf_clear(&l->check.at);
	others.has &= ~(unsigned)(HAS_CONST | HAS_ENUM);
	if (!check_value(&l->check, &others, &nameless))
		faults_warn(l->faults, "can never be: %s", buf_string(&l->check.failure.detail));
}

static void lint_literals(struct linter *l, const struct value_schema *v)
{
	size_t index = 0;

	if (v->has & HAS_CONST) {
		at(l, v, "const");
		lint_literal(l, v, v->constant);
	}
	if (!(v->has & HAS_ENUM))
		return;
	at(l, v, "enum");
	if (v->enumeration->count == 0)
		faults_warn(l->faults, "nothing holds: it is empty");
	for (const struct json_value *x = v->enumeration->first; x; x = x->next) {
		size_t mark = faults_enter_index(l->faults, index++);
		const struct json_value *other = v->enumeration->first;

		lint_literal(l, v, x);
		while (other != x && !json_value_equal(other, x))
			other = other->next;
		if (other != x)
			faults_warn(l->faults, "is there already");
		faults_leave(l->faults, mark);
	}
}

/* A name that must be there, and that no property is. */
static void lint_name(struct linter *l, const struct object_schema *o, const struct property *p)
{
	if (p->declared && p->value.never)
		faults_warn(l->faults, "'%.*s' can never be: its schema is false",
		            SLICE_ARG(p->name));
	else if (!p->declared && o->additional.never)
		faults_warn(l->faults,
		            "'%.*s' can never be: it is not among the properties, and there are to "
		            "be no others",
		            SLICE_ARG(p->name));
	else if (!p->declared)
		faults_warn(l->faults, "'%.*s' is not among the properties", SLICE_ARG(p->name));
}

static void lint_value(struct linter *l, const struct value_schema *v);

static void lint_object(struct linter *l, const struct value_schema *v)
{
	const struct object_schema *o = v->object;

	at(l, v, "required");
	for (size_t i = 0; i < o->required_count; i++)
		lint_name(l, o, o->required[i]);
	at(l, v, "dependentRequired");
	for (size_t i = 0; i < o->dependency_count; i++)
		lint_name(l, o, o->dependencies[i].needs);
	at(l, v, "maxProperties");
	if (o->min_properties > o->max_properties)
		faults_warn(l->faults, "no object holds: minProperties is over it");
	if (o->required_count > o->max_properties)
		faults_warn(l->faults, "no object holds: more are required");
	for (const struct property *p = o->properties; p; p = p->hh.next)
		if (p->declared)
			lint_value(l, &p->value);
	lint_value(l, &o->additional);
}

static void lint_value(struct linter *l, const struct value_schema *v)
{
	lint_ranges(l, v);
	lint_effects(l, v);
	lint_literals(l, v);
	if (v->stream)
		lint_stream(v, l->faults);
	if (v->object)
		lint_object(l, v);
}

void lint_schema(struct schema *s, struct faults *faults)
{
	struct linter l = {.faults = faults};

	lint_value(&l, &s->root);
	lint_order(s, faults);
	buf_clear(&faults->pointer);
	check_free(&l.check);
}
