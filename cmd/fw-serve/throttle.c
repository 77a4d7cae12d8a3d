#include "throttle.h"

#include "base/clock.h"
#include "base/msg.h"
#include "firmware/manifest.h"

#include <stdlib.h>
#include <string.h>

static void refill(struct bucket *b, double rate, double burst, int64_t now)
{
	if (now <= b->at)
		return;
	b->tokens += rate * (double)(now - b->at) / (double)CLOCK_SECOND;
	if (b->tokens > burst)
		b->tokens = burst;
	b->at = now;
}

bool bucket_take(struct bucket *b, double rate, double burst, double amount, int64_t now)
{
	refill(b, rate, burst, now);
	if (b->tokens < amount)
		return false;
	b->tokens -= amount;
	return true;
}

/* A second's worth, but enough for what may be asked for at once. */
static double burst_of(double rate, double least)
{
	return rate > least ? rate : least;
}

void throttle_init(struct throttle *t, double rate, double bandwidth, int64_t now)
{
	*t = (struct throttle){
	    .rate = rate,
	    .bandwidth = bandwidth,
	    .all = {burst_of(bandwidth, MANIFEST_CHUNK_MOST), now},
	    .sets = calloc(THROTTLE_SETS, sizeof(*t->sets)),
	};
	if (!t->sets)
		msg_die(EX_OSERR, "out of memory");
}

void throttle_free(struct throttle *t)
{
	free(t->sets);
}

/* The device's bucket; that of a device not seen lately is full. */
static struct bucket *find_bucket(struct throttle *t, struct slice device, int64_t now)
{
	struct throttle_device *set = t->sets[slice_hash(device) % THROTTLE_SETS];
	struct throttle_device *oldest = &set[0];

	for (int i = 0; i < THROTTLE_WAYS; i++) {
		if (slice_equal((struct slice){set[i].name, set[i].length}, device))
			return &set[i].bucket;
		if (set[i].bucket.at < oldest->bucket.at)
			oldest = &set[i];
	}
	memcpy(oldest->name, device.ptr, device.len);
	oldest->length = (uint8_t)device.len;
	oldest->bucket = (struct bucket){burst_of(t->rate, 1), now};
	return &oldest->bucket;
}

bool throttle_request(struct throttle *t, struct slice device, int64_t now)
{
	return bucket_take(find_bucket(t, device, now), t->rate, burst_of(t->rate, 1), 1, now);
}

bool throttle_may_send(struct throttle *t, int64_t now)
{
	if (t->bandwidth == 0)
		return true;
	refill(&t->all, t->bandwidth, burst_of(t->bandwidth, MANIFEST_CHUNK_MOST), now);
	return t->all.tokens >= MANIFEST_CHUNK_LEAST;
}

void throttle_sent(struct throttle *t, uint64_t bytes)
{
	t->all.tokens -= (double)bytes;
}
