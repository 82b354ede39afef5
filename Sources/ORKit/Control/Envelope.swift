/// One answer of the control API that carries one thing.
public struct ItemEnvelope<Item: Codable & Sendable>: Codable, Sendable {
    /// For example `ork.status/1`; the number changes with any change that is
    /// not additive.
    public var schema: String
    public var item: Item
    public init(schema: String, item: Item) {
        self.schema = schema
        self.item = item
    }
}

/// One answer of the control API that carries a list.
public struct ListEnvelope<Item: Codable & Sendable>: Codable, Sendable {
    public var schema: String
    public var items: [Item]
    /// Opaque; present when there are more. Send it back as `cursor=`.
    public var next: String?
    /// How many there are in all, where that is known without counting pages.
    public var total: Int?
    public init(schema: String, items: [Item], next: String? = nil, total: Int? = nil) {
        self.schema = schema
        self.items = items
        self.next = next
        self.total = total
    }
}

/// The answer to every change.
public struct ChangeEnvelope<Item: Codable & Sendable>: Codable, Sendable {
    public var schema: String
    public var items: [Change<Item>]
    /// True when this was a dry run: nothing was changed.
    public var dryRun: Bool
    /// Remarks for people, for example that a key could not be checked.
    public var warnings: [Remark]
    public init(schema: String, items: [Change<Item>], dryRun: Bool, warnings: [Remark] = []) {
        self.schema = schema
        self.items = items
        self.dryRun = dryRun
        self.warnings = warnings
    }

    private enum CodingKeys: String, CodingKey {
        case schema, items, warnings
        case dryRun = "dry_run"
    }
}

/// One thing that a change was about.
public struct Change<Item: Codable & Sendable>: Codable, Sendable {
    public var item: Item
    /// False when a second identical call found nothing to do.
    public var changed: Bool
    /// What happened, in one word: `added`, `reactivated`, `enabled`,
    /// `removed`, `unchanged`, …
    public var outcome: String
    /// A line for people, where the word leaves something to say.
    public var detail: String?
    public init(item: Item, changed: Bool, outcome: String, detail: String? = nil) {
        self.item = item
        self.changed = changed
        self.outcome = outcome
        self.detail = detail
    }
}

/// A coded remark that is not an error.
public struct Remark: Codable, Sendable, Hashable {
    public var code: ErrorCode
    public var message: String
    public init(code: ErrorCode, message: String) {
        self.code = code
        self.message = message
    }
}
