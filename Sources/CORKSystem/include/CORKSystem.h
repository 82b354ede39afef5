// CORKSystem: the few system calls and structures that the Glibc module does not export.
// Here: one small function round each. Not here: any decision or policy.
// Includes libc headers only; imported by orkd/System and orkd/Control.

#pragma once

// The system's own headers are included in system.c: under _GNU_SOURCE they
// define some structures otherwise than the Glibc module has seen them.
#include <stddef.h>
#include <stdint.h>

/// Other processes of the same user can no longer attach to this one or read
/// its memory, and it leaves no core (prctl(2), PR_SET_DUMPABLE).
/// 0, or -1 with errno.
int ork_forbid_dumps(void);

/// 1 while the process can be dumped, 0 when it cannot.
int ork_may_be_dumped(void);

/// Who was at the other end of a Unix socket when it was connected
/// (unix(7), SO_PEERCRED). 0, or -1 with errno.
int ork_peer_credentials(int socket, uint32_t *_Nonnull uid, uint32_t *_Nonnull gid, int32_t *_Nonnull pid);

/// accept4(2) with SOCK_CLOEXEC and SOCK_NONBLOCK: no other thread can fork
/// between the two steps. The descriptor, or -1 with errno.
int ork_accept(int listener);

/// Names the calling thread, at most 15 bytes (pthread_setname_np(3)).
void ork_name_thread(const char *_Nonnull name);

/// memmem(3): where `needle` first is in `haystack`, or null.
const void *_Nullable ork_memmem(
    const void *_Nonnull haystack, size_t count, const void *_Nonnull needle, size_t needle_count);
