import ORKit

/// What operators may call accounts.
enum AccountFields {
    /// Stands for the keys of which nobody has said whose they are.
    static let unknown = "unknown"

    static func name(_ text: String) throws -> String {
        guard PlainText.isName(text), text != "none", text != unknown, !KeyFields.looksSecret(text) else {
            throw CodedError(
                .badValue,
                "an account's name has 1 to 64 letters, digits or . _ - @ + :, begins with one of the former, and is not “unknown”"
            )
        }
        return text
    }
}
