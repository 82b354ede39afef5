internal import GRDB
import ORKit

/// Who changed what, newest first.
struct AuditService: AuditServing {
    private let store: Store

    init(_ store: Store) { self.store = store }

    func list(_ query: AuditQuery) async throws -> Page<AuditView> {
        let before = try query.page.place { Int64($0) }
        let filter = try AuditFilter(query)
        let size = query.page.size
        // What was just answered is found. A disk that cannot be written does
        // not keep anybody from reading.
        _ = try? await store.transact { _ in }
        return try await store.read { db in
            let rows = try AuditTable.newest(below: before, limit: size + 1, filter, db)
            return Page(
                items: rows.prefix(size).map(\.view),
                next: rows.count > size ? rows.prefix(size).last.map { String($0.id) } : nil, total: nil)
        }
    }
}

/// Which rows of the audit trail are wanted.
struct AuditFilter: Sendable {
    let since: WallTime?
    let until: WallTime?
    private let actor: Actor.Name?
    private let action: Glob?
    private let target: Glob?

    /// - Throws: `bad-value` for an actor that no row can name.
    init(_ query: AuditQuery) throws {
        since = query.since
        until = query.until
        actor = try query.actor.map { text in
            guard let name = Actor.Name(text) else {
                throw CodedError(
                    .badValue,
                    """
                    an actor is orkd, the number of a user of this system, client NAME, management key or registration
                    """)
            }
            return name
        }
        action = query.action.map { Glob($0) }
        target = query.target.map { Glob($0) }
    }

    func includes(_ actor: Actor.Name, action: String, target: String) -> Bool {
        (self.actor == nil || self.actor == actor) && (self.action?.matches(action) ?? true)
            && (self.target?.matches(target) ?? true)
    }
}

extension AuditRow {
    fileprivate var view: AuditView {
        let difference = AuditDifference(before: before, after: after)
        let isNobodys = if case .user = actor { false } else { true }
        return AuditView(
            id: id, at: at.rfc3339, actor: actor.text, uid: isNobodys ? nil : uid, gid: isNobodys ? nil : gid,
            pid: isNobodys ? nil : pid, action: verb, target: subject, change: difference.text,
            fields: difference.fields)
    }
}
