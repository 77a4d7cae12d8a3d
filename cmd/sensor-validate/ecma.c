#include "ecma.h"

#include <stdbool.h>

/* WhiteSpace and LineTerminator (ECMA-262, sections 12.2 and 12.3), and all else, as the inside of
 * a class. */
#define SPACE \
	"\\x09-\\x0d\\x20\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
#define NO_SPACE                                                                               \
	"\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-" \
	"\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\u{10ffff}"

/* The general categories of Unicode (PropertyValueAliases.txt) by their long names. */
static const struct {
	const char *name, *category;
} categories[] = {
    {"Other", "C"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Format", "Cf"},
    {"Unassigned", "Cn"},
    {"Private_Use", "Co"},
    {"Surrogate", "Cs"},
    {"Letter", "L"},
    {"Cased_Letter", "L&"},
    {"LC", "L&"},
    {"Lowercase_Letter", "Ll"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Titlecase_Letter", "Lt"},
    {"Uppercase_Letter", "Lu"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Close_Punctuation", "Pe"},
    {"Final_Punctuation", "Pf"},
    {"Initial_Punctuation", "Pi"},
    {"Other_Punctuation", "Po"},
    {"Open_Punctuation", "Ps"},
    {"Symbol", "S"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Math_Symbol", "Sm"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Space_Separator", "Zs"},
};

static bool take_prefix(struct slice *text, struct slice prefix)
{
	if (!slice_starts_with(*text, prefix))
		return false;
	text->ptr += prefix.len;
	text->len -= prefix.len;
	return true;
}

/* What is between the braces of \p{...}. */
static void append_property(struct buf *out, struct slice name)
{
	if (!take_prefix(&name, SLICE("General_Category=")))
		take_prefix(&name, SLICE("gc="));
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		if (slice_is(name, categories[i].name)) {
			buf_append_string(out, categories[i].category);
			return;
		}
	}
	buf_append_slice(out, name);
}

/* A backslash and what belongs to it, at the start of `rest`; gives how long that is. */
static size_t append_escape(struct buf *out, struct slice rest, bool in_class)
{
	char kind = rest.len > 1 ? rest.ptr[1] : '\0';
	const char *brace = memchr(rest.ptr, '}', rest.len);

	if (kind == 's' || kind == 'S') {
		buf_append_string(out, in_class ? "" : "[");
		buf_append_string(out, kind == 's' ? SPACE : NO_SPACE);
		buf_append_string(out, in_class ? "" : "]");
		return 2;
	}
	if ((kind == 'p' || kind == 'P') && rest.len > 2 && rest.ptr[2] == '{' && brace) {
		buf_append(out, rest.ptr, 3);
		append_property(out, (struct slice){rest.ptr + 3, (size_t)(brace - rest.ptr) - 3});
		buf_putc(out, '}');
		return (size_t)(brace + 1 - rest.ptr);
	}
	buf_append(out, rest.ptr, rest.len > 1 ? 2 : 1);
	return 2;
}

void ecma_append(struct buf *out, struct slice regex)
{
	bool in_class = false;

	for (size_t i = 0; i < regex.len; i++) {
		char c = regex.ptr[i];

		if (c == '\\') {
			struct slice rest = {regex.ptr + i, regex.len - i};

			i += append_escape(out, rest, in_class) - 1;
			continue;
		}
		if (c == '[' && in_class)
			buf_putc(out, '\\');
		if (c == '[' || c == ']')
			in_class = c == '[';
		buf_putc(out, c);
	}
}
