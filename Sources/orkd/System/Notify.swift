import Glibc

/// Tells the service manager how we are: one datagram per message to
/// `$NOTIFY_SOCKET` (sd_notify(3)). Without that variable every call is a
/// no-op, and no failure is an error: nobody may depend on being watched.
struct Notify: Sendable {
    private let address: UnixAddress?
    /// Half of what the manager allows between two `WATCHDOG=1`, in
    /// milliseconds; nil when it does not watch us.
    let watchdogInterval: Int64?

    init(environment: [String: String], pid: Int32 = getpid()) {
        address = environment["NOTIFY_SOCKET"].flatMap { UnixAddress(notifySocket: $0) }
        let isForUs = environment["WATCHDOG_PID"].map { Int32($0) == pid } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval = isForUs && address != nil && microseconds >= 2000 ? microseconds / 2000 : nil
    }

    /// Ready to serve.
    func ready(status: String) { send("READY=1\nSTATUS=\(Self.line(status))\nMAINPID=\(getpid())") }
    /// Reading the configuration again; to be followed by `ready`.
    func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(SystemClock.monotonic() / 1000)") }
    /// One line for `systemctl status`.
    func status(_ text: String) { send("STATUS=\(Self.line(text))") }
    func stopping(status: String) { send("STOPPING=1\nSTATUS=\(Self.line(status))") }
    /// Asks for so much more time, counted from now, for whatever is going on.
    func extendTimeout(milliseconds: Int64) {
        send("EXTEND_TIMEOUT_USEC=\(milliseconds.multipliedReportingOverflow(by: 1000).partialValue)")
    }
    /// We are alive; to be sent every `watchdogInterval`.
    func watchdog() { send("WATCHDOG=1") }

    /// A newline would begin another assignment.
    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private func send(_ message: String) {
        guard let address else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // A manager that does not read must not hold us up.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(message.utf8)
        _ = address.with { pointer, length in
            Int32(clamping: sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length))
        }
    }
}
