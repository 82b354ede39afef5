import ORKit

// Conditions that follow from the state of the daemon.

extension Condition {
    /// Why the pool serves nobody, or free models only; nil while a key is
    /// usable.
    ///
    /// - Parameters:
    ///   - standstill: `Engine.standstill`.
    ///   - byState: keys by state.
    static func pool(_ standstill: Refusal?, byState: [KeyState: Int]) -> Condition? {
        let total = byState.values.reduce(0, +)
        guard let standstill else { return total > 0 ? paid(byState, of: total) : nil }
        guard total > 0 else {
            return Condition(
                .noUpstreamKey, text: "the pool is empty: every request gets 503",
                hint: "orkctl keys add NAME")
        }
        // To the second: the exact moment is of no use to anybody.
        let wait = standstill.retryAfterMilliseconds.map { ($0 + 999) / 1000 * 1000 }
        let back = wait.map { "; the first is back in \($0.durationText)" } ?? ""
        return Condition(
            standstill.code, .error,
            text: "none of \(total) keys is usable: \(counts(byState))\(back)",
            hint: "orkctl keys list")
    }

    /// A key that serves and is not usable is one without credit, which still
    /// serves free models.
    private static func paid(_ byState: [KeyState: Int], of total: Int) -> Condition? {
        guard byState[.usable] ?? 0 == 0 else { return nil }
        return Condition(
            .accountCreditsOut, .error,
            text: "free models only: none of \(total) keys has credit for paid ones: \(counts(byState))",
            hint: "orkctl keys list")
    }

    /// Keys stay in that automation would take out: nothing is refused yet,
    /// but somebody should look.
    ///
    /// - Parameter floors: each with its pool's name.
    static func floor(_ floors: [(pool: String, floor: FloorReached)]) -> Condition? {
        guard !floors.isEmpty else { return nil }
        let pools = floors.prefix(3).map { pool, floor in
            "pool “\(pool)” is at its floor: \(floor.out) of \(floor.keys) keys out, \(floor.spared) more doubted"
        }
        let more = floors.count > pools.count ? ["\(floors.count - pools.count) more pools"] : []
        return Condition(.poolFloorReached, text: (pools + more).joined(separator: "; "))
    }

    private static func counts(_ byState: [KeyState: Int]) -> String {
        KeyState.allCases.compactMap { state in
            byState[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }.joined(separator: ", ")
    }

    /// - Parameters:
    ///   - count: of the clients when none of them can call; nil when one can.
    ///   - isOpen: no client key is asked for.
    static func clients(noneOf count: Int?, isOpen: Bool) -> Condition? {
        if isOpen { return Condition(.openMode) }
        guard let count else { return nil }
        guard count > 0 else {
            return Condition(.noClient, text: "nobody can call yet", hint: "orkctl clients add NAME")
        }
        return Condition(
            .noClient, text: "nobody can call: all \(count) clients are disabled or expired",
            hint: "orkctl clients list")
    }

    /// - Parameter expires: of the data port's certificate; nil for none.
    static func certificate(expires: WallTime?, at now: WallTime) -> Condition? {
        guard let expires, expires <= now else { return nil }
        return Condition(
            .certificateInvalid, .error,
            text: "the data port's certificate expired on \(expires.rfc3339): callers refuse it")
    }

    /// - Parameter dropped: records given up since the start.
    static func journal(dropped: Int64) -> Condition? {
        guard dropped > 0 else { return nil }
        return Condition(
            .journalBehind, .warning,
            text: "\(dropped) request records were dropped since the start, the disk did not keep up")
    }
}
