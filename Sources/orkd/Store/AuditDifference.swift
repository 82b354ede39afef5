internal import FoundationEssentials
import ORKit

/// What an audit row says was changed: field by field, and as one line such
/// as `weight 1 → 3`.
struct AuditDifference {
    private let before: [String: Value]?
    private let after: [String: Value]?

    /// - Parameters: the columns of the row, JSON objects.
    init(before: String?, after: String?) {
        self.before = before.flatMap(Self.read)
        self.after = after.flatMap(Self.read)
    }

    /// What is not as it was, in the order of names.
    var fields: [AuditView.Field] {
        let names = Set((after ?? [:]).keys).union((before ?? [:]).keys).subtracting(["version"]).sorted()
        return names.compactMap { name in
            let (old, new) = (before?[name]?.text, after?[name]?.text)
            return old == new ? nil : AuditView.Field(field: name, before: old, after: new)
        }
    }

    /// Empty where something went as a whole: the verb says it.
    var text: String {
        guard after != nil else { return "" }
        return fields.compactMap { field -> String? in
            let new = field.after ?? "none"
            guard before != nil else { return field.field == "name" ? nil : "\(field.field) \(new)" }
            return "\(field.field) \(field.before ?? "none") → \(new)"
        }.joined(separator: ", ")
    }

    private static func read(_ text: String) -> [String: Value]? {
        try? JSONDecoder().decode([String: Value].self, from: Data(text.utf8))
    }

    /// Nil for what is absent, however that is written.
    private struct Value: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let box = try decoder.singleValueContainer()
            if let value = try? box.decode(String.self) {
                text = value.isEmpty ? nil : value
            } else if let value = try? box.decode(Bool.self) {
                text = value ? "yes" : "no"
            } else if let value = try? box.decode(Int64.self) {
                text = String(value)
            } else if let value = try? box.decode([String: String].self), !value.isEmpty {
                text = value.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            } else {
                text = nil
            }
        }
    }
}
