// Proxy: the data path. One request lives on one event loop from first byte to last.
// Here: the front door, one exchange per proxied request, what a loop owns. Not here: decisions (ORKit), SQL (Store).
// May import NIO, Crypto, ORKit; never GRDB or Hummingbird. No async/await and no hop on this path.

import ORKit

/// What the data path needs of the configuration, in the form it uses. All
/// times are nanoseconds.
struct ProxySettings: Sendable {
    /// Open mode: any caller is let in as the anonymous client (K-02).
    var open = false
    var bodyLimit: Int64 = 50 << 20
    /// Bodies up to this are kept and can be sent again on another key.
    var replayLimit = 8 << 20
    /// All kept bodies of all loops together.
    var replayMemory = 256 << 20
    var headLimits = HeadLimits()
    var inputLimits = InputLimits()
    /// Connections of callers at once; one more is answered 503.
    var maxConnections = Int.max
    /// Of the whole process, bytes; near it new requests are answered 503. 0:
    /// none.
    var memoryLimit: Int64 = 0

    var requestHead: Int64 = 10 * .second
    var bodyIdle: Int64 = 60 * .second
    var writeIdle: Int64 = 60 * .second
    var keepAliveIdle: Int64 = 75 * .second
    var streamIdle: Int64 = 120 * .second
    var upstreamHead: Int64 = 600 * .second
    var heartbeat: Int64 = 15 * .second
    var commitHold: Int64 = 5 * .second
    var commitBytes = 16 << 10
    /// Whether every request is written into the ledger.
    var ledger = true
    /// How long an answer may wait for the disk before it is given up.
    var ledgerPatience: Int64 = 5 * .second
    /// Requests that may be read to their end after their callers have left; 0:
    /// their upstreams are let go.
    var drains = 0
    var drainTime: Int64 = 30 * .second
    /// Whether a chat stream tells its user what it cost in an event.
    var usageChunk = true
    var drainBytes = 1 << 20
    /// How long a connection that we close may still send before it is cut.
    var linger: Int64 = 2 * .second

    /// `Name: value` lines that every answer of the data port carries.
    var securityHeaders: [UInt8] = []
    var metrics = MetricsAccess.admin
    /// Of the key that administers over HTTP; nil: there is none.
    var managementKey: Digest?
    /// Nil: no web page may read answers.
    var crossOrigin: CrossOrigin?
    var attribution = Attribution.none
    /// Whose word about a caller's address counts (K-34).
    var trustedProxies: [AddressRange] = []
    /// What one address may fail in a minute; 0: whatever it likes.
    var authFailures = 5
    /// Whether clients of a user whose trial is over are refused.
    var enforcesTrials = false
}

extension Int64 {
    static let second: Int64 = 1_000_000_000
    static let millisecond: Int64 = 1_000_000
}
