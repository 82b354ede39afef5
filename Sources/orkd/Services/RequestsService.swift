internal import GRDB
import ORKit

/// What is known about requests that have ended: lists of them, newest first,
/// and each with its decision trail.
final class RequestsService: RequestsServing {
    private let store: Store
    private let gather: @Sendable () async -> Void
    private let prices: @Sendable () -> ModelList?

    /// - Parameters:
    ///   - gather: has the event loops hand over what has ended.
    ///   - prices: what models cost, if that is known.
    init(
        _ store: Store, gather: @escaping @Sendable () async -> Void = {},
        prices: @escaping @Sendable () -> ModelList? = { nil }
    ) {
        self.store = store
        self.gather = gather
        self.prices = prices
    }

    /// Newest first. A page may hold less than asked for and still have a
    /// `next`: one call looks at a bounded number of records.
    func list(_ query: RequestQuery) async throws -> Page<RequestView> {
        let before = try query.page.place(RequestID.init)
        await settle()
        return try await store.read { db in
            let filter = try RequestFilter(query, db)
            var walk = RequestWalk(below: before, filter: filter)
            let records = try walk.take(query.page.size, db)
            let names = try RequestNames(of: records, db)
            return Page(items: records.map { $0.view(names) }, next: walk.next?.description, total: nil)
        }
    }

    /// With what was learnt of it later, and what the list of prices says.
    func show(_ id: RequestID) async throws -> RequestView {
        await settle()
        let list = prices()
        return try await store.read { db in
            guard let record = try RequestTable.record(id, db) else {
                throw CodedError(.requestNotFound, "there is no record of request \(id)")
            }
            var view = record.view(try RequestNames(of: [record], db))
            var usage = record.usage
            if record.isAskedAbout, let correction = try LedgerTable.learnt(of: id, db) {
                usage = correction.applied(to: usage)
                view.usage = UsageView(usage, quality: correction.quality)
            }
            if let list, let model = record.model {
                view.cost = ComparedCostView(
                    list.table, asOf: list.at, model: model, usage: usage,
                    startedAt: WallTime(milliseconds: id.wallMilliseconds))
            }
            return view
        }
    }

    /// Lets what has ended until now be committed, so that an answer that a
    /// caller has seen is found. A disk that cannot be written does not keep
    /// anybody from reading.
    private func settle() async {
        await gather()
        _ = try? await store.transact { _ in }
    }
}

extension RequestRecord {
    /// Whether the upstream may have been asked what it came to.
    fileprivate var isAskedAbout: Bool {
        generation != nil && (quality == .estimated || quality == .unknown)
    }
}
