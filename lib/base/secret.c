#include "base/secret.h"

#include "base/msg.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

void secret_no_core(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		if (limit.rlim_max > 1)
			limit.rlim_max = 1;
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_CORE, &limit) == 0)
			return;
	}
	msg_die(EX_OSERR, "cannot do without core files: %s", strerror(errno));
}
