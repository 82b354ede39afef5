internal import GRDB
import ORKit

extension ClientsService {
    /// Whose key this is.
    ///
    /// - Throws: `user-not-found` for a key that nobody has, and for one that
    ///   belongs to no user.
    func owner(of key: Secret) async throws -> UserID {
        let digest = Digest.of(key)
        let row = try await store.read { db in try ClientTable.row(db, digest: digest) }
        guard let row, row.user != .house else {
            throw CodedError(.userNotFound, "no user has this key", hints: [])
        }
        return row.user
    }
}
