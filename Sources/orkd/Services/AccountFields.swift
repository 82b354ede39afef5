internal import GRDB
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

    /// By id, else by name; nil for `unknown`.
    static func find(_ text: String, _ db: Database) throws -> AccountRow? {
        if text == unknown { return nil }
        guard let row = try AccountTable.row(db, id: text) ?? AccountTable.row(db, name: text) else {
            throw CodedError(.accountNotFound, "there is no account “\(KeyFields.shown(text))”")
        }
        return row
    }
}

extension KeyRow {
    /// An operator may have written an account's name for its id.
    mutating func takeAccountID(_ id: (_ name: String) throws -> String?) rethrows {
        guard let account, !isAccountLearnt, let id = try id(account) else { return }
        belong(to: id, learnt: false, since: accountSince)
    }
}
