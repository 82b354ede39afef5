/// A value as a layer gives it, before a setting has looked at it.
enum RawValue: Sendable, Hashable {
    /// From a variable or a flag: the text may mean a number or a truth value.
    case untyped(String)
    /// A TOML string: it means itself.
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    case list([RawValue])
    /// A TOML type that no setting has: its name.
    case other(String)

    /// What it is, for "expected …, found …".
    var typeName: String {
        switch self {
        case .untyped, .text: "a string"
        case .integer: "an integer"
        case .boolean: "a boolean"
        case .list: "a list"
        case .other(let name): name
        }
    }
}

/// Text of an operator in a message: short, one line, and nothing that looks
/// like a secret.
func quoted(_ text: String) -> String {
    let lowered = text.lowercased()
    let looksSecret = ["sk-", "gw_live", "gw_test", "gw_staging", "gw_dev"].contains { lowered.contains($0) }
    if looksSecret { return "‹hidden›" }
    let printable = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        .joined()
    return "“\(printable.count > 40 ? printable.prefix(40) + "…" : Substring(printable))”"
}
