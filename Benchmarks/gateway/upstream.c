// The upstream of the benchmark: HTTP/1.1 with keep-alive, one thread, epoll.
//
//   upstream          prints "port N" and serves 127.0.0.1:N until it is ended
//
//   POST with "stream":true at the start of its body: "n_chunks" server-sent events, "gap" milliseconds apart, each
//        written by itself and stamped with the time of its writing
//   any other POST:  a JSON answer of 1.2 KB
//   GET:             how many connections and POSTs there were, as JSON
//
// A key that begins with "sk-or-v1-spent" has used up its limit, one with "sk-or-v1-revoked" is revoked; both for ever.
// A POST whose bearer does not begin with "sk-" is answered 401: a gateway that passes its caller's key on is seen.
#define _GNU_SOURCE
#include "loopback.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MOST_SOCKETS = 65536, INPUT_SIZE = 160 * 1024, LOOK_AHEAD = 256, TICK_NS = 500000 };

struct connection {
    char *input;
    size_t length;
    long events_left; // of the running stream; 0: none runs
    uint64_t gap, due;
    int place; // in `streaming`
};

static struct connection *connections[MOST_SOCKETS];
static int streaming[MOST_SOCKETS], streaming_count;
static int poller, ticker;
static bool is_ticking;
static unsigned long accepted, posts;
static char json_answer[4096];
static size_t json_length;

// The ticker runs only while something streams: an idle upstream takes no CPU from the load generator.
static void tick(bool on) {
    if (on == is_ticking) return;
    is_ticking = on;
    long period = on ? TICK_NS : 0;
    struct itimerspec time = {.it_interval.tv_nsec = period, .it_value.tv_nsec = period};
    timerfd_settime(ticker, 0, &time, NULL);
}

static void begin_stream(int fd, long count, long gap_ms) {
    struct connection *c = connections[fd];
    c->events_left = count;
    c->gap = (uint64_t)gap_ms * 1000000u;
    // Spread over the first gap, else all streams of a round would write at the same instant.
    c->due = now_ns() + (c->gap ? (uint64_t)random() % c->gap : 0);
    c->place = streaming_count;
    streaming[streaming_count++] = fd;
    tick(true);
}

static void end_stream(struct connection *c) {
    c->events_left = 0;
    int last = streaming[--streaming_count];
    streaming[c->place] = last;
    connections[last]->place = c->place;
    if (streaming_count == 0) tick(false);
}

static void drop(int fd) {
    struct connection *c = connections[fd];
    if (c->events_left) end_stream(c);
    connections[fd] = NULL;
    free(c->input);
    free(c);
    close(fd);
}

enum written { ALL, NOTHING, BROKEN };

// Writes all of it or nothing: what has begun waits for room, at most a second.
static enum written write_all(int fd, const char *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t n = write(fd, bytes + done, count - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            if (done == 0) return NOTHING;
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            if (poll(&room, 1, 1000) != 1) return BROKEN;
        } else {
            return BROKEN;
        }
    }
    return ALL;
}

#define EVENT_START                                                                                                \
    "data: {\"id\":\"chatcmpl-0123456789abcdefghijklmn\",\"object\":\"chat.completion.chunk\","                    \
    "\"created\":1732000000,\"model\":\"gpt-4o-mini\"," STAMP_KEY "%019llu\","

static enum written write_event(int fd, long left) {
    char event[512], chunk[600];
    unsigned long long stamp = now_ns();
    int length =
        left > 1 ? snprintf(event, sizeof event,
                            EVENT_START "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word%04ld\"},"
                                        "\"finish_reason\":null}]}\n\n",
                            stamp, left % 10000)
                 : snprintf(event, sizeof event,
                            EVENT_START "\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":99,"
                                        "\"total_tokens\":110}}\n\ndata: [DONE]\n\n",
                            stamp);
    int size = snprintf(chunk, sizeof chunk, "%x\r\n%s\r\n%s", length, event, left > 1 ? "" : "0\r\n\r\n");
    return write_all(fd, chunk, (size_t)size);
}

static long number_after(const char *text, size_t length, const char *key, long otherwise) {
    const char *found = memmem(text, length, key, strlen(key));
    return found ? atol(found + strlen(key)) : otherwise;
}

// The refusal of a sick key, in OpenRouter's words; NULL for every other.
static const char *refusal_of(const char *credential) {
    static const char spent[] =
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 120\r\n\r\n"
        "{\"error\":{\"message\":\"Key limit exceeded (total limit). Manage it using "
        "https://openrouter.ai/settings/keys\",\"code\":403}}";
    static const char revoked[] =
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
        "{\"error\":{\"message\":\"User not found.\",\"code\":401}}";
    static const char bearer[] = "Bearer sk-or-v1-";
    if (!credential || strncmp(credential, bearer, sizeof bearer - 1)) return NULL;
    const char *rest = credential + sizeof bearer - 1;
    return !strncmp(rest, "spent", 5) ? spent : !strncmp(rest, "revoked", 7) ? revoked : NULL;
}

static enum written answer_post(int fd, const char *head, const char *head_end, size_t length) {
    static const char refusal[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nbad";
    static const char stream_head[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
        "Transfer-Encoding: chunked\r\nx-request-id: req_0123456789\r\n\r\n";
    static const char bearer[] = "Bearer sk-";
    posts++;
    const char *credential = field(head, head_end, "authorization");
    if (!credential || strncmp(credential, bearer, sizeof bearer - 1))
        return write_all(fd, refusal, sizeof refusal - 1);
    const char *body = head_end + 2;
    size_t look = length < LOOK_AHEAD ? length : LOOK_AHEAD;
    if (!memmem(body, look, "\"stream\":true", 13)) return write_all(fd, json_answer, json_length);
    enum written result = write_all(fd, stream_head, sizeof stream_head - 1);
    if (result == ALL)
        begin_stream(fd, number_after(body, look, "\"n_chunks\":", 100), number_after(body, look, "\"gap\":", 10));
    return result;
}

static enum written answer_counters(int fd) {
    char body[96], answer[192];
    int length = snprintf(body, sizeof body, "{\"connections\":%lu,\"posts\":%lu}", accepted, posts);
    int size = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", length, body);
    return write_all(fd, answer, (size_t)size);
}

// Answers every whole request that has come; false when the connection is gone.
static bool answer_requests(int fd) {
    struct connection *c = connections[fd];
    while (c->length && !c->events_left) {
        char *blank = memmem(c->input, c->length, "\r\n\r\n", 4);
        if (!blank) break;
        char *head_end = blank + 2;
        const char *stated = field(c->input, head_end, "content-length");
        size_t body = stated ? strtoul(stated, NULL, 10) : 0;
        size_t whole = (size_t)(blank + 4 - c->input) + body;
        if (c->length < whole) break;
        const char *refusal = refusal_of(field(c->input, head_end, "authorization"));
        bool is_get = c->input[0] == 'G';
        if (refusal && !is_get) posts++;
        enum written result = refusal  ? write_all(fd, refusal, strlen(refusal))
                              : is_get ? answer_counters(fd)
                                       : answer_post(fd, c->input, head_end, body);
        if (result != ALL) {
            drop(fd);
            return false;
        }
        c->length -= whole;
        memmove(c->input, c->input + whole, c->length);
    }
    return true;
}

static void write_due_events(void) {
    uint64_t ticks;
    if (read(ticker, &ticks, sizeof ticks) < 0) return;
    uint64_t now = now_ns();
    for (int i = 0; i < streaming_count;) {
        int fd = streaming[i];
        struct connection *c = connections[fd];
        if (c->due > now) {
            i++;
            continue;
        }
        enum written result = write_event(fd, c->events_left);
        if (result == BROKEN) {
            drop(fd);
            continue;
        }
        if (result == ALL) {
            c->due += c->gap;
            if (c->due < now) c->due = now + c->gap / 2;
            if (c->events_left == 1) {
                end_stream(c);
                answer_requests(fd);
                continue;
            }
            c->events_left--;
        }
        i++;
    }
}

static void watch(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *c = fd < MOST_SOCKETS ? calloc(1, sizeof *c) : NULL;
        if (!c || !(c->input = malloc(INPUT_SIZE))) {
            free(c);
            close(fd);
            continue;
        }
        accepted++;
        connections[fd] = c;
        set_no_delay(fd);
        watch(fd);
    }
}

static void read_some(int fd) {
    struct connection *c = connections[fd];
    if (!c) return;
    ssize_t n = read(fd, c->input + c->length, INPUT_SIZE - c->length);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        drop(fd);
        return;
    }
    c->length += (size_t)n;
    answer_requests(fd);
}

static void prepare_json_answer(void) {
    char body[2048];
    int n = snprintf(body, sizeof body,
                     "{\"id\":\"chatcmpl-0123456789abcdefghijklmn\",\"object\":\"chat.completion\","
                     "\"created\":1732000000,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":"
                     "{\"role\":\"assistant\",\"content\":\"");
    while (n < 1040) n += snprintf(body + n, sizeof body - (size_t)n, "lorem ipsum dolor sit amet ");
    n += snprintf(body + n, sizeof body - (size_t)n,
                  "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":211,\"completion_tokens\":199,"
                  "\"total_tokens\":410}}");
    json_length = (size_t)snprintf(
        json_answer, sizeof json_answer,
        "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 01:00:00 GMT\r\nContent-Type: application/json\r\n"
        "x-request-id: req_0123456789\r\nx-ratelimit-remaining-requests: 9999\r\n"
        "x-ratelimit-remaining-tokens: 999999\r\nopenai-processing-ms: 12\r\nContent-Length: %d\r\n\r\n%s",
        n, body);
}

static int listen_anywhere(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096) ||
        getsockname(listener, (struct sockaddr *)&address, &size)) {
        perror("upstream");
        exit(1);
    }
    printf("port %u\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    prepare_json_answer();
    poller = epoll_create1(EPOLL_CLOEXEC);
    ticker = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int listener = listen_anywhere();
    watch(listener);
    watch(ticker);
    struct epoll_event events[512];
    for (;;) {
        int count = epoll_wait(poller, events, 512, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener);
            else if (fd == ticker) write_due_events();
            else read_some(fd);
        }
    }
}
