#include "server.h"

#include "base/clock.h"
#include "base/msg.h"
#include "firmware/key_file.h"
#include "firmware/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the folder ---- */

/* 0, or -1 with errno: then nothing has changed. */
static int read_folder(struct server *s)
{
	const struct options *o = s->options;
	int directory = open(o->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct catalog catalog;

	if (directory < 0)
		return -1;
	if (catalog_read(&catalog, directory, s->keys, o->key_count) < 0) {
		int error = errno;

		close(directory);
		errno = error;
		return -1;
	}
	catalog_inherit(&catalog, &s->catalog);
	images_reset(&s->images, directory);
	catalog_free(&s->catalog);
	s->catalog = catalog;
	s->versions = (double)catalog.count;
	s->unusable = (double)catalog.refused;
	msg_info("'%s': versions %zu, manifests that do not count %" PRIu64, o->directory,
	         catalog.count, catalog.refused);
	return 0;
}

void server_open(struct server *s, const struct options *options)
{
	const char *fault;

	*s = (struct server){.options = options, .piece = malloc(MANIFEST_CHUNK_MOST)};
	if (!s->piece)
		msg_die(EX_OSERR, "out of memory");
	for (size_t i = 0; i < options->key_count; i++)
		if (firmware_key_read_public(&s->keys[i], options->keys[i], &fault) < 0)
			msg_die(EX_NOINPUT, "--key: '%s': %s", options->keys[i], fault);
	images_init(&s->images, options->open_images);
	throttle_init(&s->throttle, options->rate, (double)options->bandwidth, clock_monotonic());
	if (read_folder(s) < 0)
		msg_die(EX_NOINPUT, "'%s': %s", options->directory, strerror(errno));
}

void server_reload(struct server *s)
{
	if (read_folder(s) < 0)
		msg_warn("'%s': %s; what was read before is still served", s->options->directory,
		         strerror(errno));
}

void server_close(struct server *s)
{
	for (size_t i = 0; i < s->options->key_count; i++)
		firmware_key_free(&s->keys[i]);
	images_free(&s->images);
	catalog_free(&s->catalog);
	throttle_free(&s->throttle);
	buf_free(&s->scratch);
	buf_free(&s->draft);
	free(s->piece);
}

/* ---- requests ---- */

/* Seconds that the request is still waited for, rounded up; 0: it is not. */
static uint32_t seconds_left(const struct firmware_request *r, int64_t received, int64_t now)
{
	int64_t age = now > received ? now - received : 0;
	int64_t left = (int64_t)r->expiry * CLOCK_SECOND - age;

	if (left <= 0)
		return 0;
	if (left > SERVER_EXPIRY_MAX * CLOCK_SECOND)
		return SERVER_EXPIRY_MAX;
	return (uint32_t)((left + CLOCK_SECOND - 1) / CLOCK_SECOND);
}

static void refuse(struct firmware_reply *reply, enum reply_error error, const char *detail)
{
	reply->error = error;
	reply->detail = slice_of(detail);
}

/* Reads the piece, or says why not. */
static void fill(struct server *s, const struct firmware_request *r, struct firmware_reply *reply)
{
	bool has_model;
	struct catalog_image *image = catalog_find(&s->catalog, r->model, r->version, &has_model);

	if (!image && has_model)
		return refuse(reply, REPLY_UNKNOWN_VERSION, "no such version of this model");
	if (!image)
		return refuse(reply, REPLY_UNKNOWN_MODEL, "no such model");
	if (r->length < 1 || r->length > image->chunk)
		return refuse(reply, REPLY_BAD_RANGE, "the length is 0, or more than a chunk");
	if (r->offset > image->size || r->length > image->size - r->offset)
		return refuse(reply, REPLY_BAD_RANGE, "the range goes beyond the end of the image");
	if (!throttle_may_send(&s->throttle, clock_monotonic()))
		return refuse(reply, REPLY_BUSY, "all devices together ask for too much");
	switch (images_read(&s->images, image, r->offset, (size_t)r->length, s->piece)) {
	case IMAGES_OK:
		throttle_sent(&s->throttle, r->length);
		reply->version = r->version;
		reply->offset = r->offset;
		reply->bytes = (struct slice){s->piece, (size_t)r->length};
		break;
	case IMAGES_UNFIT:
		refuse(reply, REPLY_UNKNOWN_VERSION, "there is no image that fits its manifest");
		break;
	case IMAGES_BUSY:
		refuse(reply, REPLY_BUSY, "the image cannot be read now");
		break;
	}
}

/* A request is answered once, as its sender waits for it; counts. */
static void answer(struct server *s, const struct firmware_reply *reply, int64_t now,
                   struct buf *replies)
{
	reply_append(replies, &s->draft, reply, now);
	if (reply->error) {
		s->counts.refused[reply->error]++;
		return;
	}
	s->counts.pieces++;
	s->counts.bytes += reply->bytes.len;
}

const char *server_take(struct server *s, const struct message *m, struct buf *replies)
{
	struct firmware_request r;
	struct firmware_reply reply;
	enum request_verdict verdict;
	int64_t now = clock_now();
	const char *fault;
	bool within;

	verdict = request_parse(m, &s->scratch, &r, &fault);
	within = !r.device.len || throttle_request(&s->throttle, r.device, clock_monotonic());
	if (verdict == REQUEST_ALIEN && within) {
		s->counts.alien++;
		return fault;
	}
	if (verdict == REQUEST_ALIEN) {
		s->counts.dropped++;
		return NULL;
	}
	reply = (struct firmware_reply){
	    .device = r.device,
	    .correlation = r.correlation,
	    .expiry = seconds_left(&r, m->received, now),
	    .qos = m->qos,
	};
	if (reply.expiry == 0) {
		s->counts.expired++;
		return NULL;
	}
	if (!within)
		refuse(&reply, REPLY_BUSY, "this device asks too often");
	else if (verdict == REQUEST_BAD)
		refuse(&reply, REPLY_BAD_REQUEST, fault);
	else
		fill(s, &r, &reply);
	answer(s, &reply, now, replies);
	return NULL;
}
