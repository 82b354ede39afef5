extension Verdict {
    /// What it means that no answer came, or half of one. Nothing of this is
    /// about a key.
    init(_ failure: TransportFailure) {
        switch failure {
        case .refused: self.init(.unreachable, "connect-refused", "connection refused")
        case .timedOutConnecting: self.init(.unreachable, "connect-timeout", "no connection in time")
        case .tls(let text): self.init(.unreachable, "tls", Evidence.line(["TLS", text]))
        case .dns: self.init(.unreachable, "dns", "the name could not be resolved")
        case .resetBeforeHead:
            self.init(.unreachable, Rule.resetBeforeHead, "connection closed before an answer")
        case .slowHead: self.init(.slow, "slow-head", "no answer in time")
        case .protocolError(let text): self.init(.malformed, "not-http", Evidence.line(["not HTTP", text]))
        case .truncated: self.init(.truncated, "truncated", "the answer broke off")
        case .stalled: self.init(.slow, "stalled", "the answer stopped coming")
        case .redirect: self.init(.malformed, Rule.redirect, "a redirect, which is never followed", .giveUp)
        case .addressRefused:
            self.init(
                .unreachable, Rule.addressRefused, "the name points to an address that is not allowed",
                .giveUp)
        }
    }

    private init(_ cause: Cause, _ rule: String, _ evidence: String, _ remedy: Remedy = .retry) {
        self.init(scope: .network, cause: cause, remedy: remedy, evidence: evidence, rule: rule)
    }
}
