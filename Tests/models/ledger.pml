/* The ledger's protocol: hold, reserve, answer, settle, end, with commits that come and fail at any time, and crashes.
 *
 * Three requests of two users; each costs UNIT at most and is charged less. What is checked at every step:
 *   - no byte of an answer was seen whose reservation is not on disk,
 *   - no end of an answer was seen whose settlement, with its charge, is not on disk,
 *   - what a user was given is what is free, held and spent, and nothing of it is below zero,
 *   - after a crash nothing is held that no request holds, and nothing was charged twice,
 *   - what the upstream served and the ledger does not know was on its way to the disk when the process died.
 *
 * A guard is taken away with -DNO_…; the checker must then find a way to break a promise (scripts/model).
 */
#define REQUESTS 3
#define USERS 2
#define UNIT 2
#define CHARGE 1
#define CRASHES 2

/* Enough for one of a user's requests at a time, not for two. */
#define GIVEN 3

#define USER(r) (r % USERS)

typedef Row {
    bit reserved;      /* the reservation is on disk */
    bit settled;       /* so is the settlement */
    byte charged;      /* with this */
    bit reserveQueued; /* they wait for a commit */
    bit settleQueued;
    bit sawByte;       /* what the caller has seen */
    bit sawEnd;
    bit served;        /* the upstream has done the work */
    bit lost;          /* the process died while the reservation was on its way */
    bit holds;         /* in memory */
};

Row row[REQUESTS];
short free[USERS] = GIVEN;
short held[USERS];
byte crashes;
/* Of the process: what an earlier one began, a later one does not go on with. */
byte life;

/* Only for looking; no part of the state. */
hidden byte at;
hidden byte who;
hidden short spent;
hidden short holding;

inline promises() {
    d_step {
        for (at : 0 .. REQUESTS - 1) {
            assert(!row[at].sawByte || row[at].reserved);
            assert(!row[at].sawEnd || (row[at].settled && row[at].charged == CHARGE));
            assert(!row[at].served || row[at].reserved || row[at].reserveQueued || row[at].lost);
            assert(row[at].charged <= CHARGE);
        }
        for (who : 0 .. USERS - 1) {
            spent = 0;
            holding = 0;
            for (at : 0 .. REQUESTS - 1) {
                if
                :: USER(at) == who ->
                    spent = spent + (row[at].settled || row[at].settleQueued -> row[at].charged : 0);
                    holding = holding + (row[at].holds -> UNIT : 0)
                :: else
                fi
            }
            assert(free[who] >= 0);
            assert(held[who] == holding);
            assert(free[who] + held[who] + spent == GIVEN)
        }
    }
}

proctype request(byte r; byte mine) {
    byte u = USER(r);
    /* Hold what it may cost, or be refused. */
    if
    :: atomic {
        life == mine;
#ifndef NO_COVER
        free[u] >= UNIT ->
#endif
        free[u] = free[u] - UNIT;
        held[u] = held[u] + UNIT;
        row[r].holds = 1;
        row[r].reserveQueued = 1
    }
    :: atomic { life != mine || free[u] < UNIT -> goto over }
    fi;
    promises();
    /* The upstream does not wait for the disk. */
    if
    :: atomic { life == mine -> row[r].served = 1 }
    :: life != mine -> goto over
    fi;
    promises();
    if
#ifdef NO_RESERVE_WAIT
    :: atomic { life == mine -> row[r].sawByte = 1 }
#else
    :: atomic { life == mine && row[r].reserved -> row[r].sawByte = 1 }
#endif
    :: life != mine -> goto over
    fi;
    promises();
    if
    :: atomic {
        life == mine ->
        held[u] = held[u] - UNIT;
        free[u] = free[u] + UNIT - CHARGE;
        row[r].holds = 0;
        row[r].charged = CHARGE;
        row[r].settleQueued = 1
    }
    :: life != mine -> goto over
    fi;
    promises();
    if
#ifdef NO_SETTLE_WAIT
    :: atomic { life == mine -> row[r].sawEnd = 1 }
#else
    :: atomic { life == mine && row[r].settled -> row[r].sawEnd = 1 }
#endif
    :: life != mine
    fi;
    promises();
over:
    skip
}

/* All that waits goes to the disk at once; a commit that fails leaves it waiting. */
active proctype writer() {
    byte i;
end:
    do
    :: d_step {
        (row[0].reserveQueued || row[0].settleQueued || row[1].reserveQueued || row[1].settleQueued
            || row[2].reserveQueued || row[2].settleQueued) ->
        for (i : 0 .. REQUESTS - 1) {
            if
            :: row[i].reserveQueued -> row[i].reserved = 1; row[i].reserveQueued = 0
            :: else
            fi;
            if
            :: row[i].settleQueued -> row[i].settled = 1; row[i].settleQueued = 0
            :: else
            fi
        }
    }
    od
}

/* The process dies and starts again: only the disk is left, and the rule for what was open. */
active proctype crash() {
    byte i;
    byte u;
    run request(0, 0);
    run request(1, 0);
    run request(2, 0);
end:
    do
    :: d_step {
        crashes < CRASHES ->
        crashes++;
        life++;
        for (u : 0 .. USERS - 1) {
            free[u] = GIVEN;
            held[u] = 0
        }
        for (i : 0 .. REQUESTS - 1) {
            u = USER(i);
            row[i].lost = row[i].lost || (row[i].reserveQueued && row[i].served);
            if
            :: row[i].settleQueued && !row[i].settled -> row[i].charged = 0
            :: else
            fi;
            row[i].reserveQueued = 0;
            row[i].settleQueued = 0;
            row[i].holds = 0;
            if
            :: row[i].reserved && !row[i].settled ->
#ifdef NO_RECOVERY
                held[u] = held[u] + UNIT;
                free[u] = free[u] - UNIT
#else
                row[i].settled = 1;
                row[i].charged = 0
#endif
            :: else
            fi;
#ifdef FORGETS_SPENT
            skip
#else
            free[u] = free[u] - row[i].charged
#endif
        }
    }
    :: promises()
    od
}
