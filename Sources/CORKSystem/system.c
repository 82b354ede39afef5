#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CORKSystem.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/socket.h>

int ork_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int ork_peer_credentials(int socket, uint32_t *uid, uint32_t *gid, int32_t *pid) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
    *uid = peer.uid;
    *gid = peer.gid;
    *pid = peer.pid;
    return 0;
}

void ork_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void ork_give_back_memory(void) { malloc_trim(0); }
