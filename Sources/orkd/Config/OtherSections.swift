import ORKit

/// `[pool]`: how keys are chosen.
struct PoolConfiguration: Sendable, Hashable {
    var strategy = Strategy.sticky
    /// First rest of a key when the upstream stated none. Milliseconds.
    var defaultCooldown: Int64 = 60_000
    /// First rest of a key that failed while others succeeded. Milliseconds.
    var breakerCooldown: Int64 = 60_000
    /// Least time between the two rejections that make a key invalid (ruling
    /// 12). Milliseconds.
    var rejectionConfirmedAfter: Int64 = 600_000
    /// Each enabled key is asked about once in this time; 0: never.
    /// Milliseconds.
    var reportEvery: Int64 = 21_600_000
    /// Tries of one request that may be charged, the first included (ruling 9).
    var attempts = 3
    /// How long a request may wait for a key; 0: it is refused (ruling 15).
    /// Milliseconds.
    var queueWait: Int64 = 0
    /// Requests that may wait at once, in all and of one client.
    var queueLength = 1000
    var queuePerClient = 100
}

/// `[state]`: what is kept, and where.
struct StateConfiguration: Sendable, Hashable {
    var mode = StateMode.file
    /// Directory of the database and, in user mode, of the master key.
    var directory: String
    /// Request records are kept so many days, or so many bytes, whichever is
    /// reached first (ruling 47).
    var requestDays = 30
    var requestBytes: Int64 = 1 << 30
    /// No more records than this; 0 is no limit.
    var requestCount = 0
    /// No more changes of keys' states than this; 0 is no limit.
    var transitionCount = 0
    /// The ledger's postings are kept so many days, or so many bytes,
    /// whichever is reached first.
    var ledgerDays = 400
    var ledgerBytes: Int64 = 4 << 30
    /// No more notes of what happened than this; 0 is no limit.
    var eventCount = 1_000_000

    init(directory: String) { self.directory = directory }
}

/// Whether anything survives a restart.
enum StateMode: String, Sendable, CaseIterable {
    case file, memory
}

/// `[control]`: the Unix socket of orkctl.
struct ControlConfiguration: Sendable, Hashable {
    var socket: String
    /// Members may change everything; empty: only root and our own user.
    var adminGroup = "orkd"
    /// Members may read; empty: nobody more.
    var viewerGroup = ""

    init(socket: String) { self.socket = socket }
}

/// `[trial]`: subscriptions of users that end.
struct TrialConfiguration: Sendable, Hashable {
    /// Off: an end is shown, and nobody is refused.
    var enforce = false
}

/// `[registration]`: users that make themselves.
struct RegistrationConfiguration: Sendable, Hashable {
    /// Off: users are made by operators alone (K-21).
    var enabled = false
    /// What they begin with.
    var credits = 1000
}

/// `[credits]`: what users pay with.
struct CreditsConfiguration: Sendable, Hashable {
    /// What a million of them are sold for.
    var price = Money(pico: 20 * Money.picoPerDollar)
    /// Whether a chat stream tells what it cost in an event of its own.
    var streamChunk = true
}

/// `[log]`.
struct LogConfiguration: Sendable, Hashable {
    var level = LogLevel.info
}

/// How much is logged, the most first. The names are swift-log's.
enum LogLevel: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}
