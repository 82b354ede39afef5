extension Rule {
    /// Pages and texts of whatever stands before the upstream: they say
    /// something about the way there, never about a key (6.7, 1).
    static let edge = [
        Rule("edge-status", .network, .edge, .retry) { (520...526).contains($0.status) || $0.status == 530 },
        Rule("edge-200", .network, .edge, .retry) { $0.isPage && (200..<300).contains($0.status) },
        Rule("edge-429", .network, .rateLimited, .giveUp) { $0.isPage && $0.status == 429 },
        Rule("edge-403", .network, .edge, .giveUp) { $0.isPage && $0.status == 403 },
        Rule("edge-page", .network, .edge, .retry) {
            $0.isPage && ($0.status >= 500 || [401, 402, 408].contains($0.status))
        },
    ]
}
