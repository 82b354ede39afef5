// The load generator of the benchmark: HTTP/1.1 with keep-alive, one thread, epoll. Prints one JSON object.
//
//   LOAD_KEY=KEY load -p PORT -c CONNECTIONS [-d SECONDS] [-n REQUESTS] [-r RATE] [-b BODY] [-s EVENTS -g GAP] [-l FILE]
//        [-v]
//
//   The key is in the environment, where the process list does not show it.
//   -r   open loop: RATE requests a second, whether or not answers come; latency counts from the scheduled time, so
//        that waiting behind a slow answer is not hidden. Otherwise closed loop: every connection asks again as soon
//        as it was answered.
//   -d   seconds in which requests begin (default 2); SIGTERM ends that time early
//   -n   at most so many requests begin
//   -b   size of the request body in bytes (default 1024)
//   -s   ask for streams of EVENTS events, -g milliseconds apart; a chunk's latency is from the stamp in it
//   -v   every request is a conversation of its own: its number stands at the beginning of its text
//   -l   write "scheduled-ns latency-ns status" of every request to FILE
//
// What has begun may end, at most GRACE seconds longer; the rest counts as unfinished.
#define _GNU_SOURCE
#include "reply.h"
#include "samples.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { GRACE = 15, MOST_WAIT_NS = 5000000 };

struct connection {
    int fd;
    bool is_busy;
    size_t written;
    uint64_t scheduled;
    struct reply reply;
};

static struct {
    uint16_t port;
    const char *key, *log;
    int connections;
    double seconds;
    long requests, rate, events, gap;
    size_t body;
    bool varies;
} options = {.key = "sk-none", .connections = 32, .seconds = 2, .gap = 10, .body = 1024};

static struct {
    unsigned long begun, answered, not_200, broken, bytes;
    int first_bad_status;
    struct samples latency, first_byte, chunk;
} tally;

static struct connection *connections, **idle;
static int idle_count, poller;
static char *request;
static size_t request_length;
static char *text; // in the request, where its number goes
static uint64_t start, end;
static FILE *request_log;
static volatile sig_atomic_t is_told_to_stop;

static void stop(int signal) {
    (void)signal;
    is_told_to_stop = 1;
}

static void build_request(void) {
    size_t room = options.body + 1024;
    char *body = malloc(room);
    request = malloc(room + 1024);
    if (!body || !request) abort();
    int n = options.events
        ? snprintf(body, room, "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"gap\":%ld,\"n_chunks\":%ld,"
                               "\"stream_options\":{\"include_usage\":true},", options.gap, options.events)
        : snprintf(body, room, "{\"model\":\"gpt-4o-mini\",\"temperature\":0.7,");
    n += snprintf(body + n, room - (size_t)n, "\"messages\":[{\"role\":\"user\",\"content\":\"");
    static const char words[] = "the quick brown fox ";
    while ((size_t)n + 4 < options.body) body[n] = words[n % 20], n++;
    n += snprintf(body + n, room - (size_t)n, "\"}]}");
    int head = snprintf(request, room + 1024,
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept: application/json\r\n"
                        "Content-Type: application/json\r\nUser-Agent: OpenAI/Python 1.55.0\r\n"
                        "X-Stainless-Lang: python\r\nX-Stainless-OS: Linux\r\nX-Stainless-Arch: x64\r\n"
                        "X-Stainless-Runtime: CPython\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n",
                        options.port, options.key, n);
    memcpy(request + head, body, (size_t)n);
    request_length = (size_t)(head + n);
    text = strstr(request, "\"content\":\"") + strlen("\"content\":\"");
    free(body);
}

static void watch(struct connection *c, int operation, uint32_t what) {
    struct epoll_event event = {.events = what, .data.ptr = c};
    epoll_ctl(poller, operation, c->fd, &event);
}

static bool open_connection(struct connection *c) {
    struct sockaddr_in address = loopback(options.port);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address)) {
        close(c->fd);
        c->fd = -1;
        return false;
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    set_no_delay(c->fd);
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
    return true;
}

static void pump(struct connection *c) {
    while (c->written < request_length) {
        ssize_t n = write(c->fd, request + c->written, request_length - c->written);
        if (n < 0) {
            // Anything but a full buffer shows at the next read.
            if (errno == EAGAIN) watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return;
        }
        c->written += (size_t)n;
    }
}

static void begin(struct connection *c, uint64_t scheduled) {
    tally.begun++;
    c->is_busy = true;
    c->scheduled = scheduled;
    c->written = 0;
    if (options.varies) {
        // Of the same length always: what another connection has still to write keeps its framing.
        char number[11];
        snprintf(number, sizeof number, "%010lu", tally.begun % 1000000000);
        memcpy(text, number, 10);
    }
    reply_begin(&c->reply);
    pump(c);
}

static bool may_begin(uint64_t now) {
    return !is_told_to_stop && now < end && (!options.requests || tally.begun < (unsigned long)options.requests);
}

// The connection has nothing to do: closed loop asks again, open loop waits for its time.
static void rest(struct connection *c, uint64_t now) {
    c->is_busy = false;
    if (c->fd < 0) return;
    if (options.rate) idle[idle_count++] = c;
    else if (may_begin(now)) begin(c, now);
}

static void finish(struct connection *c, uint64_t now) {
    uint64_t latency = now - c->scheduled;
    tally.answered++;
    samples_add(&tally.latency, latency);
    if (c->reply.status != 200) {
        tally.not_200++;
        if (!tally.first_bad_status) tally.first_bad_status = c->reply.status;
    }
    if (request_log)
        fprintf(request_log, "%lu %lu %d\n", (unsigned long)c->scheduled, (unsigned long)latency, c->reply.status);
    rest(c, now);
}

static void replace(struct connection *c, uint64_t now) {
    bool was_busy = c->is_busy;
    close(c->fd);
    bool is_open = open_connection(c);
    if (!was_busy) {
        // An idle connection may be closed at any time; only its replacement may not fail.
        tally.broken += !is_open;
        return;
    }
    tally.broken++;
    rest(c, now);
}

static uint64_t read_time;

static void stamped(void *context, uint64_t stamp) {
    (void)context;
    samples_add(&tally.chunk, read_time > stamp ? read_time - stamp : 0);
}

static void receive(struct connection *c) {
    static char buffer[262144];
    ssize_t n = read(c->fd, buffer, sizeof buffer);
    read_time = now_ns();
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0 || !c->is_busy) {
        replace(c, read_time);
        return;
    }
    tally.bytes += (unsigned long)n;
    if (c->reply.state == IN_HEAD && c->reply.head_length == 0)
        samples_add(&tally.first_byte, read_time - c->scheduled);
    reply_feed(&c->reply, buffer, (size_t)n, stamped, NULL);
    if (c->reply.state == MALFORMED) replace(c, read_time);
    else if (c->reply.state == COMPLETE) finish(c, read_time);
}

static int unfinished(void) {
    int count = 0;
    for (int i = 0; i < options.connections; i++) count += connections[i].is_busy;
    return count;
}

static uint64_t due_time(unsigned long index) { return start + (uint64_t)((double)index * 1e9 / (double)options.rate); }

// Open loop: begins what is due; returns the time until the next is.
static uint64_t begin_due(void) {
    for (;;) {
        uint64_t now = now_ns(), due = due_time(tally.begun);
        if (!may_begin(due) || !idle_count) return MOST_WAIT_NS;
        if (due > now) return due - now < MOST_WAIT_NS ? due - now : MOST_WAIT_NS;
        begin(idle[--idle_count], due);
    }
}

static void run(void) {
    struct epoll_event events[256];
    start = now_ns();
    end = start + (uint64_t)(options.seconds * 1e9);
    for (int i = 0; i < options.connections; i++) rest(&connections[i], now_ns());
    for (;;) {
        struct timespec wait = {.tv_nsec = options.rate ? (long)begin_due() : MOST_WAIT_NS};
        int count = epoll_pwait2(poller, events, 256, &wait, NULL);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) {
                watch(c, EPOLL_CTL_MOD, EPOLLIN);
                pump(c);
            }
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
        uint64_t now = now_ns();
        uint64_t next = options.rate ? due_time(tally.begun) : now;
        if (!may_begin(next) && unfinished() == 0) return;
        if (is_told_to_stop && end > now) end = now;
        if (now > end + GRACE * 1000000000ull) return;
    }
}

static void report(void) {
    double seconds = (double)(now_ns() - start) / 1e9;
    printf("{\"answered\":%lu,\"not_200\":%lu,\"first_bad_status\":%d,\"broken\":%lu,\"unfinished\":%d,"
           "\"seconds\":%.4f,\"bytes\":%lu",
           tally.answered, tally.not_200, tally.first_bad_status, tally.broken, unfinished(), seconds, tally.bytes);
    samples_print(&tally.latency, "latency");
    samples_print(&tally.first_byte, "first_byte");
    samples_print(&tally.chunk, "chunk");
    printf("}\n");
}

static void read_options(int count, char **arguments) {
    if (getenv("LOAD_KEY")) options.key = getenv("LOAD_KEY");
    int option;
    while ((option = getopt(count, arguments, "p:c:d:n:r:b:s:g:l:v")) != -1) {
        switch (option) {
        case 'p': options.port = (uint16_t)atoi(optarg); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'd': options.seconds = atof(optarg); break;
        case 'n': options.requests = atol(optarg); break;
        case 'r': options.rate = atol(optarg); break;
        case 'b': options.body = strtoul(optarg, NULL, 10); break;
        case 's': options.events = atol(optarg); break;
        case 'g': options.gap = atol(optarg); break;
        case 'l': options.log = optarg; break;
        case 'v': options.varies = true; break;
        default: exit(64);
        }
    }
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, stop);
    prctl(PR_SET_TIMERSLACK, 1000);
    build_request();
    poller = epoll_create1(EPOLL_CLOEXEC);
    connections = calloc((size_t)options.connections, sizeof *connections);
    idle = calloc((size_t)options.connections, sizeof *idle);
    if (!connections || !idle) abort();
    if (options.log && !(request_log = fopen(options.log, "w"))) {
        perror(options.log);
        return 1;
    }
    for (int i = 0; i < options.connections; i++) {
        if (!open_connection(&connections[i])) {
            perror("load: connect");
            return 1;
        }
    }
    run();
    report();
    return 0;
}
