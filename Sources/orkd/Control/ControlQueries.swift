import ORKit

/// Who wants a change, and whether it is only to be tried.
struct Order: Sendable {
    /// For the audit row.
    var actor: Actor
    /// Do everything but keep nothing.
    var dryRun: Bool
}

/// `GET /v1/keys`.
struct KeyQuery: Sendable, Hashable {
    /// Names, ids, fingerprints, prefixes or globs; all keys when empty. A
    /// literal that names nothing is `key-not-found`.
    var select: [String] = []
    /// Any of these states.
    var states: [KeyState] = []
    var provider: String?
    /// All of these tags.
    var tags: [String: String] = [:]
    /// A glob that the name must match; no error when nothing does.
    var name: String?
    /// A field's name, with `-` in front for descending order.
    var sort: String?
    var page = PageQuery()
}

/// `GET /v1/accounts`.
struct AccountQuery: Sendable, Hashable {
    /// Ids, names, or `unknown`; all accounts when empty. One that nobody
    /// knows is `account-not-found`.
    var select: [String] = []
    var page = PageQuery()
}

/// `GET /v1/quotas`, by name.
struct QuotaQuery: Sendable, Hashable {
    /// As for keys; all keys when empty.
    var select: [String] = []
    var page = PageQuery()
}

/// `GET /v1/models`, by id.
struct ModelQuery: Sendable, Hashable {
    /// What a list is put in order by.
    struct Sort: Sendable, Hashable {
        enum Key: String, Sendable, CaseIterable { case price, context }

        var key: Key
        var isDown: Bool

        /// - Parameter text: `price` or `context`, with `-` in front for the
        ///   largest first.
        init(_ text: String) throws {
            isDown = text.hasPrefix("-")
            guard let key = Key(rawValue: String(text.drop { $0 == "-" })) else {
                throw CodedError(.badValue, "models are sorted by price or by context")
            }
            self.key = key
        }
    }

    /// Ids or globs of ids; all models when empty. An id that is none is
    /// `model-not-found`.
    var select: [String] = []
    /// A glob that the id must match; no error when nothing does.
    var match: String?
    var provider: String?
    /// Only those that are known to cost nothing.
    var free = false
    var sort: Sort?
    var page = PageQuery()
}

/// `GET /v1/clients`.
struct ClientQuery: Sendable, Hashable {
    /// As for keys; a literal that names nothing is `client-not-found`.
    var select: [String] = []
    var environment: String?
    /// Any of `usable`, `disabled`, `expired`.
    var states: [String] = []
    /// Name or id of a user, or `none`.
    var user: String?
    var page = PageQuery()
}

/// `GET /v1/users`, by name.
struct UserQuery: Sendable, Hashable {
    /// Names, ids or globs of names; all users when empty. A literal that
    /// names nothing is `user-not-found`.
    var select: [String] = []
    var page = PageQuery()
}

/// `GET /v1/requests`, newest first.
struct RequestQuery: Sendable, Hashable {
    var since: WallTime?
    var until: WallTime?
    /// Name or id.
    var client: String?
    /// Name or id of the user whose client it was, or `none`.
    var user: String?
    /// Name or id of a key that an attempt used.
    var key: String?
    var model: String?
    var code: ErrorCode?
    /// Only those that did not end well.
    var failed = false
    var page = PageQuery()
}

/// `GET /v1/explain`.
struct RehearsalQuery: Sendable, Hashable {
    /// Name or id; with it, the pool is the client's.
    var client: String?
    var model: String?
    /// Name or id; the first pool when neither is named.
    var pool: String?
    /// As the caller would name its conversation.
    var session: String?
    /// As the caller would put it in `X-ORK-Objective`.
    var objective: String?
    /// Of the prompt; with it the request's cost is told.
    var promptTokens: Int?
    /// Of the answer; as many as the model can say when absent.
    var completionTokens: Int?
}

/// `GET /v1/events`, oldest first.
struct EventQuery: Sendable, Hashable {
    /// Cursor of the last event that was seen.
    var after: String?
    var since: WallTime?
    var until: WallTime?
    /// Only the newest so many.
    var last: Int?
    /// Go on with what happens from now on.
    var follow = false
}

/// `GET /v1/audit`, newest first.
struct AuditQuery: Sendable, Hashable {
    var since: WallTime?
    /// Not part of the span.
    var until: WallTime?
    /// `orkd` or the number of a user of the system.
    var actor: String?
    /// A name or a glob.
    var action: String?
    /// A name or a glob.
    var target: String?
    var page = PageQuery()
}

/// Which part of a long list.
struct PageQuery: Sendable, Hashable {
    /// The service's own page size when nil.
    var limit: Int?
    /// `next` of the page before.
    var cursor: String?

    /// How many items a page has at most where a service says nothing else;
    /// more at once would only make an answer that nobody reads.
    var size: Int { min(limit ?? 100, 1000) }

    /// Where the page before ended.
    ///
    /// - Parameter read: nil for a text that is no cursor of this list.
    /// - Returns: nil for the first page.
    /// - Throws: `bad-value`.
    func place<Place>(_ read: (String) -> Place?) throws -> Place? {
        guard let cursor else { return nil }
        guard let place = read(cursor) else {
            throw CodedError(.badValue, "the cursor is not one of ours")
        }
        return place
    }
}

/// The query of `GET /v1/usage`.
struct UsageQuery: Sendable, Hashable {
    var group: UsageGroup
    /// 30 days ago when nil.
    var since: WallTime?
    /// Not part of the span; until now when nil.
    var until: WallTime?
}

/// The query of `GET /v1/reconciliation`.
struct ReconciliationQuery: Sendable, Hashable {
    /// Keys; all enabled ones when empty.
    var select: [String]
    var window: UpstreamQuota.Reset
    var tolerance = ReconciliationTolerance.usual
}

/// The query of `POST /v1/keys/import`.
struct ImportOptions: Sendable, Hashable {
    enum Format: String, Sendable, CaseIterable {
        case lines, csv, jsonl
        /// One document: an array of objects, or the list that an export is.
        case json
    }

    /// By content when nil, which never is `json`.
    var format: Format?
    var provider: String?
    var account: String?
    /// Name or id; the first when nil.
    var pool: String?
    var tags: [String: String] = [:]
    /// Of generated names.
    var prefix: String?
    /// Enable keys again that are there but disabled.
    var reactivate = false
    /// Ask upstream about each key.
    var check = false
    /// Of a key that is there, let an export say what is known about it.
    var restore = false
}
