// A growing list of durations and its percentiles.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct samples {
    uint32_t *values; // nanoseconds; more than 4 s is kept as 4 s
    size_t count, capacity;
};

static inline void samples_add(struct samples *samples, uint64_t nanoseconds) {
    if (samples->count == samples->capacity) {
        samples->capacity = samples->capacity ? samples->capacity * 2 : 1 << 16;
        samples->values = realloc(samples->values, samples->capacity * sizeof *samples->values);
        if (!samples->values) abort();
    }
    samples->values[samples->count++] = nanoseconds > 4000000000u ? 4000000000u : (uint32_t)nanoseconds;
}

static int samples_compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

// Prints the percentiles as a JSON object, in microseconds. Sorts the samples.
static inline void samples_print(struct samples *samples, const char *name) {
    static const struct { const char *name; double part; } marks[] = {
        {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"max", 1}};
    if (samples->count) qsort(samples->values, samples->count, sizeof *samples->values, samples_compare);
    printf(",\"%s\":{\"count\":%zu", name, samples->count);
    for (size_t i = 0; i < sizeof marks / sizeof *marks && samples->count; i++) {
        size_t place = (size_t)((double)(samples->count - 1) * marks[i].part);
        printf(",\"%s\":%.1f", marks[i].name, samples->values[place] / 1000.0);
    }
    printf("}");
}
