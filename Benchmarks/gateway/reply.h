// Reads one HTTP/1.1 answer as its bytes come: status, framing by length or chunks, stamps of streamed events.
#pragma once

#include "loopback.h"

#include <stdbool.h>
#include <stddef.h>

enum reply_state { IN_HEAD, IN_LENGTH, IN_CHUNK_SIZE, IN_CHUNK, AFTER_CHUNK, IN_TRAILER, COMPLETE, MALFORMED };

struct reply {
    enum reply_state state;
    int status;
    long left;        // bytes of the body or chunk still to come; in the trailer: bytes of its line so far
    int key_matched;  // bytes of STAMP_KEY seen, then digits: a stamp may lie in two reads
    uint64_t stamp;
    size_t head_length;
    char head[8192];
};

// Called for every stamp, with what the reader was given as `context`.
typedef void on_stamp(void *context, uint64_t stamp);

void reply_begin(struct reply *reply);

// Takes bytes in; after it the state tells whether the answer is complete. Bytes behind its end are malformed, since
// nothing was asked for yet.
void reply_feed(struct reply *reply, const char *bytes, size_t count, on_stamp *stamped, void *context);
