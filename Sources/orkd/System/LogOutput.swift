import Dispatch
import Glibc
import Logging
import ORKit
import Synchronization

// The whole module would bring a second `Atomic`.
import struct NIOConcurrencyHelpers.NIOLockedValueBox

/// Log lines on their way to stderr. Whoever logs only appends to a queue in
/// memory; a thread of our own writes. When stderr is slower than we are,
/// lines are dropped and counted, and the count is logged: a log must never
/// hold an event loop up.
final class LogOutput: Sendable {
    private struct Queue {
        var lines: [[UInt8]] = []
        var bytes = 0
        /// Lines not taken since the last time the thread looked.
        var dropped = 0
        var isWriting = false
        var isClosed = false
    }

    private let queue = NIOLockedValueBox(Queue())
    /// Raised once whenever the queue stops being empty.
    private let work = DispatchSemaphore(value: 0)
    private let descriptor: Int32
    private let prefixed: Bool
    private let threshold: Atomic<Int>
    private let droppedInAll = Atomic(0)
    private let byteLimit: Int

    /// - Parameters:
    ///   - descriptor: where lines go; not closed by us.
    ///   - prefixed: begin each line with `<N>`, journald's priority.
    ///   - byteLimit: how much may wait.
    init(descriptor: Int32 = STDERR_FILENO, level: Logger.Level, prefixed: Bool, byteLimit: Int = 4 << 20) {
        self.descriptor = descriptor
        self.prefixed = prefixed
        self.byteLimit = byteLimit
        threshold = Atomic(level.rank)
    }

    /// Starts the writing thread, which lives as long as the process or until
    /// `close`. Lines logged before wait in the queue.
    func start() {
        DetachedThread.start(name: "ork-log") { [self] in write() }
    }

    /// The least severe level that is written; may change at any time.
    var level: Logger.Level {
        get { Logger.Level.allCases[threshold.load(ordering: .relaxed)] }
        set { threshold.store(newValue.rank, ordering: .relaxed) }
    }

    /// How many lines were dropped since the start.
    var dropped: Int { droppedInAll.load(ordering: .relaxed) }

    func add(_ line: LogLine) {
        let bytes = line.bytes(prefixed: prefixed)
        let (isFull, isFirst) = queue.withLockedValue { queue in
            guard !queue.isClosed, queue.bytes + bytes.count <= byteLimit else {
                queue.dropped += 1
                return (true, false)
            }
            queue.lines.append(bytes)
            queue.bytes += bytes.count
            return (false, queue.lines.count == 1)
        }
        if isFull { droppedInAll.add(1, ordering: .relaxed) }
        if isFirst { work.signal() }
    }

    /// Waits until everything is written, at most so long.
    ///
    /// - Returns: whether everything is.
    @discardableResult func flush(milliseconds: Int64) -> Bool {
        let end = SystemClock.now().monotonic + milliseconds * 1_000_000
        while SystemClock.now().monotonic < end {
            if queue.withLockedValue({ $0.lines.isEmpty && !$0.isWriting && $0.dropped == 0 }) { return true }
            work.signal()
            poll(nil, 0, 1)
        }
        return false
    }

    /// Takes no more lines and ends the thread when the queue is empty.
    func close() {
        queue.withLockedValue { $0.isClosed = true }
        work.signal()
    }

    private func write() {
        while true {
            work.wait()
            let (lines, dropped, isClosed) = queue.withLockedValue { queue in
                let taken = (queue.lines, queue.dropped, queue.isClosed)
                queue.lines = []
                queue.bytes = 0
                queue.dropped = 0
                queue.isWriting = true
                return taken
            }
            var block: [UInt8] = []
            for line in lines { block += line }
            if dropped > 0 {
                let line = LogLine(
                    level: .warning, message: "log lines dropped",
                    fields: [("count", .integer(Int64(dropped)))])
                block += line.bytes(prefixed: prefixed)
            }
            writeAll(block)
            let isDone = queue.withLockedValue { queue in
                queue.isWriting = false
                return queue.lines.isEmpty
            }
            if isClosed, isDone { return }
        }
    }

    private func writeAll(_ block: [UInt8]) {
        var offset = 0
        while offset < block.count {
            let count = block.withUnsafeBytes { region in
                Glibc.write(descriptor, region.baseAddress?.advanced(by: offset), region.count - offset)
            }
            if count >= 0 {
                offset += count
            } else if errno == EAGAIN {
                // Somebody else made stderr non-blocking; this thread may wait.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                // Nobody can be told that stderr is gone.
                return
            }
        }
    }
}

extension Logger.Level {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
