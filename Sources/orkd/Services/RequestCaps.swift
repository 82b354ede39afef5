import NIOConcurrencyHelpers
import ORKit

/// How many requests the clients with a cap were granted. All event loops ask
/// here; a client without a cap never comes by.
///
/// The count is raised in memory and then on disk before the request may go
/// upstream, so that after a crash it holds every request that was served.
/// What was granted and not served is given back the same way; a crash in
/// between costs the client that one request, never the cap.
final class RequestCaps: Sendable {
    /// Adds to a count on disk; false when it could not.
    typealias Keep = @Sendable (_ serial: Int64, _ change: Int64) async -> Bool

    private let taken = NIOLockedValueBox<[Int64: Int64]>([:])
    private let keep: Keep

    init(_ keep: @escaping Keep = { _, _ in true }) { self.keep = keep }

    /// Counts that are known from now on. One that is already known is further
    /// than what was read.
    func open(_ counts: [Int64: Int64]) {
        guard !counts.isEmpty else { return }
        taken.withLockedValue { $0.merge(counts) { known, _ in known } }
    }

    func close(_ serials: [Int64]) {
        guard !serials.isEmpty else { return }
        taken.withLockedValue { taken in for serial in serials { taken[serial] = nil } }
    }

    /// Grants one request, unless all are used up.
    ///
    /// - Parameter done: told, somewhere, whether the grant is on disk.
    /// - Returns: false when none is left; then nobody is told anything.
    func take(_ cap: RequestCap, done: @escaping @Sendable (Bool) -> Void) -> Bool {
        let isLeft = taken.withLockedValue { taken in
            // A cap that was taken away while the request came in bounds nothing any more.
            guard let count = taken[cap.serial] else { return true }
            guard count < cap.most else { return false }
            taken[cap.serial] = count + 1
            return true
        }
        guard isLeft else { return false }
        Task {
            let isKept = await keep(cap.serial, 1)
            if !isKept { lower(cap) }
            done(isKept)
        }
        return true
    }

    /// The request was not served.
    func giveBack(_ cap: RequestCap) {
        Task {
            // First on disk: what is granted again is then never more than what is written.
            if await keep(cap.serial, -1) { lower(cap) }
        }
    }

    private func lower(_ cap: RequestCap) {
        taken.withLockedValue { taken in
            if let count = taken[cap.serial] { taken[cap.serial] = max(0, count - 1) }
        }
    }
}
