/// How far somebody has read: the newest row seen of each of the tables that
/// hold events.
struct EventPosition: Sendable, Hashable {
    /// Transitions of keys.
    var key: Int64 = 0
    var audit: Int64 = 0
    var note: Int64 = 0

    static let start = EventPosition()

    /// How many rows this is behind the other one.
    func distance(to other: EventPosition) -> Int64 {
        max(0, other.key - key) + max(0, other.audit - audit) + max(0, other.note - note)
    }
}

extension EventPosition {
    /// What callers keep: `k12.a7.n3`.
    var text: String { "k\(key).a\(audit).n\(note)" }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let key = Self.number(parts[0], "k"), let audit = Self.number(parts[1], "a"),
            let note = Self.number(parts[2], "n")
        else { return nil }
        self.init(key: key, audit: audit, note: note)
    }

    private static func number(_ text: Substring, _ letter: Character) -> Int64? {
        // Int64's own reader takes a sign, which is none of ours.
        guard text.first == letter, text.dropFirst().allSatisfy(\.isNumber) else { return nil }
        return Int64(text.dropFirst())
    }
}
