extension AttemptRecord {
    /// The good answer of every ordinary request needs no verdict spelt out.
    private static let plain: UInt8 = 0
    private static let judged: UInt8 = 1

    func pack(into writer: inout PackWriter) {
        let isPlain = verdict == .ok
        writer.byte(isPlain ? Self.plain : Self.judged)
        writer.signed(key.raw)
        writer.byte(choice.rawValue)
        writer.signed(Int64(usable))
        writer.signed(Int64(total))
        writer.unsigned(UInt64(status))
        writer.signed(startedMicroseconds)
        writer.signed(microseconds)
        if !isPlain { verdict.pack(into: &writer) }
    }

    init?(from reader: inout PackReader) {
        guard let form = reader.byte(), form <= Self.judged, let key = reader.signed(),
            let choice = reader.byte().flatMap(Choice.init),
            let usable = reader.signed().flatMap(Int.init(exactly:)),
            let total = reader.signed().flatMap(Int.init(exactly:)),
            let status = reader.unsigned().flatMap(UInt16.init(exactly:)), let started = reader.signed(),
            let microseconds = reader.signed()
        else { return nil }
        var verdict = Verdict.ok
        if form == Self.judged {
            guard let spelt = Verdict(from: &reader) else { return nil }
            verdict = spelt
        }
        self.init(
            key: KeyID(key), choice: choice, usable: usable, total: total, status: status, verdict: verdict,
            startedMicroseconds: started, microseconds: microseconds)
    }
}

extension Verdict {
    private static let hasUntil: UInt8 = 1
    private static let hasAccount: UInt8 = 2
    private static let hasProvider: UInt8 = 4
    private static let hasFingerprint: UInt8 = 8
    /// Two bits: 0 without a source, else the source's number and 1.
    private static let sourceShift: UInt8 = 4
    private static let sourceBits: UInt8 = 0b11 << sourceShift
    private static let allParts = hasUntil | hasAccount | hasProvider | hasFingerprint | sourceBits

    private var parts: UInt8 {
        (statedUntil == nil ? 0 : Self.hasUntil) | (account == nil ? 0 : Self.hasAccount)
            | (provider == nil ? 0 : Self.hasProvider) | (fingerprint == 0 ? 0 : Self.hasFingerprint)
            | (statedBy.map { ($0.rawValue + 1) << Self.sourceShift } ?? 0)
    }

    fileprivate func pack(into writer: inout PackWriter) {
        writer.byte(parts)
        writer.byte(Self.number(of: scope))
        writer.byte(cause.rawValue)
        writer.byte(remedy.rawValue)
        if let statedUntil { writer.signed(statedUntil.milliseconds) }
        writer.string(evidence)
        writer.string(rule)
        if let account { writer.string(account) }
        if let provider { writer.string(provider) }
        if fingerprint != 0 { writer.unsigned(fingerprint) }
    }

    fileprivate init?(from reader: inout PackReader) {
        guard let parts = reader.byte(), parts <= Self.allParts,
            let scope = reader.byte().flatMap(Self.scope(of:)), let cause = reader.byte().flatMap(Cause.init),
            let remedy = reader.byte().flatMap(Remedy.init)
        else { return nil }
        let source = (parts & Self.sourceBits) >> Self.sourceShift
        var until: WallTime?
        if parts & Self.hasUntil != 0 {
            guard let milliseconds = reader.signed() else { return nil }
            until = WallTime(milliseconds: milliseconds)
        }
        guard let evidence = reader.string(), let rule = reader.string() else { return nil }
        var account: String?
        if parts & Self.hasAccount != 0 {
            guard let name = reader.string() else { return nil }
            account = name
        }
        var provider: String?
        if parts & Self.hasProvider != 0 {
            guard let name = reader.string() else { return nil }
            provider = name
        }
        var fingerprint: UInt64 = 0
        if parts & Self.hasFingerprint != 0 {
            guard let number = reader.unsigned() else { return nil }
            fingerprint = number
        }
        self.init(
            scope: scope, cause: cause, remedy: remedy, statedUntil: until,
            statedBy: source == 0 ? nil : TimeSource(rawValue: source - 1), evidence: evidence, rule: rule,
            account: account, provider: provider, fingerprint: fingerprint)
    }

    /// Numbers of the scopes in packed form: never reused, never reordered.
    private static func number(of scope: FailureScope) -> UInt8 {
        switch scope {
        case .request: 0
        case .client: 1
        case .modelAtKey: 2
        case .modelAtProvider: 3
        case .key: 4
        case .account: 5
        case .provider: 6
        case .network: 7
        case .daemon: 8
        case .modelAtAccount: 9
        }
    }

    private static func scope(of number: UInt8) -> FailureScope? {
        FailureScope.allCases.first { self.number(of: $0) == number }
    }
}
