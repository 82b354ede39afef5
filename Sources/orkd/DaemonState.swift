import Glibc
import NIOConcurrencyHelpers
import ORKit
import Synchronization

/// What the running daemon knows about itself, for `status` and the probes.
/// Filled in as the start goes on.
final class DaemonState: DaemonFacts {
    private struct Live {
        /// What is in force; less than what was read last where a restart is
        /// needed.
        var configuration: Configuration
        var loops: LoopSet?
        var gateway: Gateway?
        var certificate: ServerCertificate?
        var listeners: [String] = []
        /// Requests at the last two marks, for the rate.
        var marks: (requests: Int64, at: Int64) = (0, 0)
        var perSecond = 0.0
    }

    private let started: Now
    private let live: NIOLockedValueBox<Live>

    init(configuration: Configuration, started: Now) {
        self.started = started
        live = NIOLockedValueBox(Live(configuration: configuration))
    }

    var configuration: Configuration { live.withLockedValue { $0.configuration } }

    /// After a reload.
    func adopt(_ configuration: Configuration) { live.withLockedValue { $0.configuration = configuration } }

    func begin(loops: LoopSet, gateway: Gateway, certificate: ServerCertificate?) {
        live.withLockedValue {
            $0.certificate = certificate
            $0.loops = loops
            $0.gateway = gateway
        }
    }

    func bound(_ listeners: [String]) { live.withLockedValue { $0.listeners = listeners } }

    /// Called once a minute or so: the rate is over the time since the last
    /// call.
    func mark() {
        guard let loops else { return }
        let (requests, now) = (loops.traffic.requests, SystemClock.monotonic())
        live.withLockedValue { live in
            let seconds = Double(now - live.marks.at) / Double(Int64.second)
            if live.marks.at > 0, seconds > 0 {
                live.perSecond = Double(requests - live.marks.requests) / seconds
            }
            live.marks = (requests, now)
        }
    }

    var loops: LoopSet? { live.withLockedValue { $0.loops } }
    var pid: Int32 { getpid() }
    var uptimeSeconds: Double {
        Double((SystemClock.monotonic() - started.monotonic) / .millisecond) / 1000
    }
    var listeners: [String] { live.withLockedValue { $0.listeners } }
    /// For the service manager's one line.
    var readyText: String {
        let places = listeners
        return places.isEmpty ? "no data port" : "listening on \(places.joined(separator: " "))"
    }
    var socket: String { configuration.control.socket }
    var isOpen: Bool { configuration.proxy.auth == .open }
    /// For a while after it has passed, so that somebody sees it.
    var shortage: String? {
        guard let gateway = live.withLockedValue({ $0.gateway }) else { return nil }
        if gateway.memory.isShort { return "memory is near proxy.memory_limit: new requests get 503" }
        let last = gateway.lastFailedAccept.load(ordering: .relaxed)
        guard last > 0, SystemClock.monotonic() - last < 10 * .second else { return nil }
        return "there are not enough file descriptors: callers cannot connect"
    }

    var certificate: ServerCertificate? { live.withLockedValue { $0.certificate } }
    var certificateExpires: WallTime? { certificate?.expires }
    var upstream: String { configuration.upstream.baseURL.text }
    var isDraining: Bool { live.withLockedValue { $0.gateway }?.draining.load(ordering: .relaxed) ?? false }

    var traffic: StatusReport.Traffic {
        let sums = loops?.traffic ?? LoopSet.Traffic()
        return StatusReport.Traffic(
            requests: sums.requests, failed: sums.failed, inFlight: sums.inFlight, streams: sums.streams,
            perSecond: live.withLockedValue { $0.perSecond }, retries: sums.retries, recordsDropped: 0)
    }

    var memoryBytes: Int64 { ProcessMemory.residentBytes }
    var startedAt: WallTime { started.wall }

    var controls: DaemonControls {
        DaemonControls(
            settings: { [self] in configuration.settings },
            check: { text in Configuration.check(text: String(decoding: text, as: UTF8.self)) },
            drain: { [self] draining in
                live.withLockedValue { $0.gateway }?.draining.store(draining, ordering: .relaxed)
                if draining { await loops?.onEach { $0.closeIdle() } }
                return DrainReport(draining: draining, inFlight: traffic.inFlight)
            })
    }
}
