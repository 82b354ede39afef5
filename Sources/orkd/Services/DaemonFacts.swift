import ORKit

/// What only the running daemon knows about itself.
protocol DaemonFacts: Sendable {
    var pid: Int32 { get }
    var uptimeSeconds: Double { get }
    /// Addresses of the data port, as bound.
    var listeners: [String] { get }
    /// Path of the control socket.
    var socket: String { get }
    /// Open mode: no client key is asked for (K-02).
    var isOpen: Bool { get }
    /// What has run out so that callers are refused; nil while nothing has.
    var shortage: String? { get }
    /// When the data port's certificate expires; nil where there is none.
    var certificateExpires: WallTime? { get }
    /// Base URL of the upstream.
    var upstream: String { get }
    var isDraining: Bool { get }
    /// Since the start; `recordsDropped` is filled in by whoever asks the
    /// journal.
    var traffic: StatusReport.Traffic { get }
    /// Resident.
    var memoryBytes: Int64 { get }
}

/// What the control API may have the daemon do.
struct DaemonControls: Sendable {
    /// The effective settings, without what was stored at run time.
    var settings: @Sendable () -> [SettingView]
    /// Reads a configuration file without applying it.
    var check: @Sendable (_ text: [UInt8]) async throws -> [ConfigFinding]
    /// Takes no new requests, or takes them again; returns at once.
    var drain: @Sendable (_ draining: Bool) async -> DrainReport
}
