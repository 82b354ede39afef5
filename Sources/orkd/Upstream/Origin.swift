// Upstream: connections to the one configured origin, per event loop.
// Here: keep-alive pool, one connection's state, TLS, name resolution, what addresses are allowed.
// Not here: which key, what an answer means (ORKit). May import NIO, NIOSSL, ORKit; never GRDB.

import ORKit

/// Where upstream requests go: fixed by the configuration, moved by nothing
/// that a caller or an upstream sends.
struct Origin: Sendable, Hashable {
    var isTLS: Bool
    var host: String
    var port: Int
    /// What stands in front of `/v1/…`: `/api` for OpenRouter, else empty.
    var prefix: [UInt8]
    /// Value of the `Host` field: with the port unless it is the scheme's own.
    var hostField: [UInt8]
    /// Whether loopback and private addresses may be connected to.
    var allowsPrivateAddresses: Bool

    init(isTLS: Bool, host: String, port: Int, prefix: [UInt8], allowsPrivateAddresses: Bool) {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.prefix = prefix
        self.allowsPrivateAddresses = allowsPrivateAddresses
        let bracketed = host.contains(":") ? "[\(host)]" : host
        hostField = Array((port == (isTLS ? 443 : 80) ? bracketed : "\(bracketed):\(port)").utf8)
    }
}
