#include "sql_files.h"

#include "base/msg.h"

#include <string.h>

const char *sql_text(const char *set, const char *name)
{
	for (size_t i = 0; i < sql_file_count; i++)
		if (strcmp(sql_files[i].set, set) == 0 && strcmp(sql_files[i].name, name) == 0)
			return sql_files[i].text;
	msg_die(EX_SOFTWARE, "no SQL '%s/%s' in this tool", set, name);
}
