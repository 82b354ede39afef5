// What upstream and load generator share: the clock, sockets on 127.0.0.1, and a look into message heads.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

// Every streamed event carries the time of its writing after this, as 19 decimal digits of nanoseconds.
#define STAMP_KEY "\"ts\":\""
#define STAMP_DIGITS 19

// CLOCK_MONOTONIC: the same for every process of the machine, so that a stamp of one can be read by another.
static inline uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline struct sockaddr_in loopback(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static inline void set_no_delay(int socket) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// The value of a field, by its lower or upper case name; NULL when it is absent. A head is a status or request line
// and its fields, up to `end`, each line with its line feed.
static inline const char *field(const char *head, const char *end, const char *name) {
    size_t length = strlen(name);
    for (const char *line = head; line < end;) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        if (!feed) return NULL;
        if ((size_t)(feed - line) > length && line[length] == ':' && !strncasecmp(line, name, length)) {
            const char *value = line + length + 1;
            while (*value == ' ') value++;
            return value;
        }
        line = feed + 1;
    }
    return NULL;
}
