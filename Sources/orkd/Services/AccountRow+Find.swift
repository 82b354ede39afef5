internal import GRDB
import ORKit

extension AccountRow {
    /// By id, else by name; nil for `unknown`.
    static func find(_ text: String, _ db: Database) throws -> AccountRow? {
        if text == AccountFields.unknown { return nil }
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
