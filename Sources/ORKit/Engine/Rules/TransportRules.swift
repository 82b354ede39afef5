extension Verdict {
    /// What it means that no answer came, or half of one. Nothing of this is
    /// about a key. What is about the way counts against the network; silence
    /// and a broken answer against the model, so that one slow model does not
    /// stop the others.
    init(_ failure: TransportFailure) {
        switch failure {
        case .refused: self.init(.network, .unreachable, "connect-refused", "connection refused")
        case .timedOutConnecting:
            self.init(.network, .unreachable, "connect-timeout", "no connection in time")
        case .tls(let text): self.init(.network, .unreachable, "tls", Evidence.line(["TLS", text]))
        case .dns: self.init(.network, .unreachable, "dns", "the name could not be resolved")
        case .resetBeforeHead:
            self.init(.network, .unreachable, Rule.resetBeforeHead, "connection closed before an answer")
        case .slowHead: self.init(.modelAtProvider, .slow, "slow-head", "no answer in time")
        case .protocolError(let text):
            self.init(.network, .malformed, "not-http", Evidence.line(["not HTTP", text]))
        case .truncated: self.init(.modelAtProvider, .truncated, "truncated", "the answer broke off")
        case .stalled: self.init(.modelAtProvider, .slow, "stalled", "the answer stopped coming")
        case .redirect:
            self.init(
                .provider, .malformed, Rule.redirect, "a redirect, which is never followed", .giveUp)
        case .addressRefused:
            self.init(
                .network, .unreachable, Rule.addressRefused,
                "the name points to an address that is not allowed", .giveUp)
        }
    }

    private init(
        _ scope: FailureScope, _ cause: Cause, _ rule: String, _ evidence: String, _ remedy: Remedy = .retry
    ) {
        self.init(
            scope: scope, cause: cause, remedy: remedy, evidence: evidence, rule: rule,
            fingerprint: Fingerprint.of(rule: rule))
    }
}
