extension Engine {
    /// Why nothing can be tried on that model now, whatever the key.
    func obstacle(for ask: Ask, at now: WallTime) -> Refusal? {
        guard !gates.closed.isEmpty, let gate = gates.obstacle(ask, at: now) else { return nil }
        return Refusal(gate, at: now)
    }

    /// Whether a good answer is news: something failed in a row, a gate is
    /// closed, or equal failures may be about to close one. While it is not,
    /// `heard` need not be told of good answers.
    public var awaitsGoodNews: Bool { !gates.isIdle || !bursts.isEmpty }

    /// A good head came. In-flight answers from before a gate closed say
    /// nothing about what is behind it.
    mutating func noteGood(_ lease: Lease, _ ask: Ask) {
        if !gates.isIdle { gates.succeeded(ask, lease.ticket) }
        if !bursts.isEmpty {
            bursts.succeeded(ask, lease.ticket)
        }
    }

    /// Counts a failure of something that every key shares, and closes the
    /// gate before it when enough came in a row.
    mutating func noteShared(_ lease: Lease, _ verdict: Verdict, at now: WallTime) {
        if verdict.scope != .network, !gates.isIdle { gates.answered(lease.ticket) }
        guard verdict.closesGates else { return }
        if let known = gates.closed.firstIndex(where: {
            !$0.isPromotion && $0.isAbout(verdict.scope, lease.model)
        }) {
            let gate = gates.closed[known]
            guard gate.probe == lease.ticket else { return }
            close(verdict.scope, lease.model, verdict, after: gate.closings, expires: gate.expires, at: now)
        } else if gates.count(verdict.scope, lease.model) >= settings.failuresToClose {
            close(verdict.scope, lease.model, verdict, after: 0, expires: nil, at: now)
        }
    }

    /// The gate that equal failures of many accounts have closed already:
    /// another one leaves no mark.
    mutating func promotion(of lease: Lease, _ verdict: Verdict, at now: WallTime) -> Gate? {
        guard !gates.closed.isEmpty else { return nil }
        gates.expire(at: now)
        return gates.closed.first {
            $0.isPromotion && $0.verdict.isAlike(verdict)
                && $0.covers(Ask(client: .anonymous, model: lease.model))
        }
    }

    /// After what was tried behind a gate failed like all before it. The key
    /// may be bad by itself: the same request asks other accounts before the
    /// gate closes again.
    mutating func another(
        behind gate: Gate, after lease: Lease, _ verdict: Verdict, _ ask: Ask, _ allowance: Allowance,
        replayable: Bool, at now: Now, using rng: inout some RandomNumberGenerator
    ) -> Next? {
        guard gate.probe == lease.ticket else { return nil }
        if replayable, allowance.tried.count < settings.correlatedAccounts, verdict.remedy == .rotate,
            allowance.isInTime(after: 0, at: now),
            let other = nextLease(
                ask, attempt: lease.attempt + 1, tried: allowance.tried, avoiding: allowance.accounts,
                at: now.wall, using: &rng)
        {
            return .again(other, afterMilliseconds: 0)
        }
        close(
            gate.scope, gate.model, gate.verdict, after: gate.closings, expires: gate.expires,
            isPaidOnly: gate.isPaidOnly, at: now.wall)
        return nil
    }

    mutating func close(
        _ scope: FailureScope, _ model: String?, _ verdict: Verdict, after closings: Int,
        expires: WallTime?, isPaidOnly: Bool = false, at now: WallTime
    ) {
        let guess = Self.doubled(settings.gateRest, times: closings, atMost: settings.longestGateRest)
        let stated = verdict.statedUntil.map { min($0.milliseconds(since: now), settings.longestStatedGate) }
        gates.close(
            Gate(
                scope: scope, model: model, verdict: verdict,
                until: now.advanced(byMilliseconds: max(guess, stated ?? 0)), closings: closings + 1,
                since: sequence, expires: expires, isPaidOnly: isPaidOnly))
    }
}

extension Verdict {
    /// Failures of what is behind a gate, as opposed to one request's.
    fileprivate var closesGates: Bool {
        switch cause {
        case .upstreamError, .unreachable, .slow, .malformed, .edge, .rateLimited:
            [.modelAtProvider, .provider, .network].contains(scope)
        case .ok, .creditsOut, .keyLimit, .inFlightBudget, .rejected, .badRequest, .truncated, .quotaSpent,
            .budgetSpent:
            false
        }
    }
}

extension Refusal {
    /// What callers before a closed gate are told. One that is being tried
    /// may open at any moment.
    init(_ gate: Gate, at now: WallTime) {
        self.init(gate.verdict, at: now)
        retryAfterMilliseconds = max(1000, gate.until.milliseconds(since: now))
    }
}
