import ORKit
import Synchronization

@testable import orkd

/// What a journal reported, in order.
final class JournalReports: Sendable {
    var all: [String] { heard.withLock { $0 } }
    private let heard = Mutex<[String]>([])
    private let stream = AsyncStream<String>.makeStream()
    private let onReport: @Sendable (String) -> Void

    /// - Parameter onReport: on the writer's thread, which waits for it.
    init(onReport: @escaping @Sendable (String) -> Void = { _ in }) { self.onReport = onReport }

    /// Waits for that report.
    func first(_ report: String) async {
        for await heard in stream.stream where heard == report { return }
    }

    var observer: Journal.Observer {
        .init(
            onCondition: { code, holds in self.note("\(code.rawValue) \(holds)") },
            onLostSync: { self.note("lost sync") },
            onBrokenDisk: { self.note("broken disk") })
    }

    private func note(_ report: String) {
        onReport(report)
        heard.withLock { $0.append(report) }
        stream.continuation.yield(report)
    }
}
