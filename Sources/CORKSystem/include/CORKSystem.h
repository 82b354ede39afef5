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

/// Who was at the other end of a Unix socket when it was connected
/// (unix(7), SO_PEERCRED). 0, or -1 with errno.
int ork_peer_credentials(int socket, uint32_t *_Nonnull uid, uint32_t *_Nonnull gid, int32_t *_Nonnull pid);

/// Names the calling thread, at most 15 bytes (pthread_setname_np(3)).
void ork_name_thread(const char *_Nonnull name);

/// Returns what malloc holds and nobody uses to the system; may take
/// milliseconds (malloc_trim(3)).
void ork_give_back_memory(void);

/// How long the calling thread works on end while others wait. Since Linux 6.12
/// a thread with short turns takes the processor from one with longer ones as
/// soon as it has something to do; the share of each stays the same
/// (sched_setattr(2), EEVDF in the kernel's scheduler documentation). Older
/// kernels ignore it. 100 us to 100 ms; 0 for the usual. 0, or -1 with errno.
int ork_take_turns(uint64_t nanoseconds);
