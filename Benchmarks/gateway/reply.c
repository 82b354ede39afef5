#define _GNU_SOURCE
#include "reply.h"

#include <stdlib.h>

void reply_begin(struct reply *reply) {
    reply->state = IN_HEAD;
    reply->status = 0;
    reply->left = 0;
    reply->key_matched = 0;
    reply->head_length = 0;
}

// Takes bytes of the head; returns how many were its own.
static size_t feed_head(struct reply *reply, const char *bytes, size_t count) {
    size_t before = reply->head_length;
    size_t room = sizeof reply->head - 1 - before;
    size_t taken = count < room ? count : room;
    memcpy(reply->head + before, bytes, taken);
    reply->head_length += taken;
    reply->head[reply->head_length] = 0;
    char *blank = memmem(reply->head, reply->head_length, "\r\n\r\n", 4);
    if (!blank) {
        if (taken == room) reply->state = MALFORMED;
        return taken;
    }
    const char *end = blank + 2;
    reply->status = atoi(reply->head + strlen("HTTP/1.1 "));
    const char *length = field(reply->head, end, "content-length");
    if (length) {
        reply->left = atol(length);
        reply->state = reply->left ? IN_LENGTH : COMPLETE;
    } else if (field(reply->head, end, "transfer-encoding")) {
        reply->left = 0;
        reply->state = IN_CHUNK_SIZE;
    } else {
        reply->state = MALFORMED;
    }
    return (size_t)(end + 2 - reply->head) - before;
}

static void scan_stamps(struct reply *reply, const char *bytes, size_t count, on_stamp *stamped, void *context) {
    static const char key[] = STAMP_KEY;
    static const int key_length = sizeof key - 1;
    for (size_t i = 0; i < count; i++) {
        if (reply->key_matched == 0) {
            const char *start = memchr(bytes + i, key[0], count - i);
            if (!start) return;
            i = (size_t)(start - bytes);
        }
        char byte = bytes[i];
        if (reply->key_matched < key_length) {
            reply->key_matched = byte == key[reply->key_matched] ? reply->key_matched + 1 : byte == key[0];
            if (reply->key_matched == key_length) reply->stamp = 0;
            continue;
        }
        reply->stamp = reply->stamp * 10 + (uint64_t)(byte - '0');
        if (++reply->key_matched == key_length + STAMP_DIGITS) {
            reply->key_matched = 0;
            stamped(context, reply->stamp);
        }
    }
}

static int hexadecimal(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    char lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Takes one byte of the framing between chunks.
static void feed_framing(struct reply *reply, char byte) {
    bool is_feed = byte == '\n';
    switch (reply->state) {
    case IN_CHUNK_SIZE:
        if (is_feed) reply->state = reply->left ? IN_CHUNK : IN_TRAILER;
        else if (hexadecimal(byte) >= 0) reply->left = reply->left * 16 + hexadecimal(byte);
        else if (byte != '\r') reply->state = MALFORMED;
        break;
    case AFTER_CHUNK:
        if (is_feed) reply->state = IN_CHUNK_SIZE;
        else if (byte != '\r') reply->state = MALFORMED;
        break;
    default: // IN_TRAILER: an empty line ends it
        if (is_feed && reply->left == 0) reply->state = COMPLETE;
        else if (is_feed) reply->left = 0;
        else if (byte != '\r') reply->left++;
    }
}

void reply_feed(struct reply *reply, const char *bytes, size_t count, on_stamp *stamped, void *context) {
    for (size_t i = 0; i < count;) {
        size_t rest = count - i;
        switch (reply->state) {
        case IN_HEAD: i += feed_head(reply, bytes + i, rest); break;
        case IN_LENGTH:
        case IN_CHUNK: {
            size_t taken = rest < (size_t)reply->left ? rest : (size_t)reply->left;
            // Only streams carry stamps, and streams come in chunks.
            if (reply->state == IN_CHUNK) scan_stamps(reply, bytes + i, taken, stamped, context);
            i += taken;
            reply->left -= (long)taken;
            if (reply->left == 0) reply->state = reply->state == IN_CHUNK ? AFTER_CHUNK : COMPLETE;
            break;
        }
        case COMPLETE: reply->state = MALFORMED; return;
        case MALFORMED: return;
        default: feed_framing(reply, bytes[i++]);
        }
    }
}
