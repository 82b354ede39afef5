internal import GRDB

extension Store {
    /// Finds out whether the database can be written. The journal raises or
    /// clears `storage-unavailable` by what it meets, as with any commit.
    ///
    /// - Parameter really: put a page on disk, which a full one refuses; else
    ///   only take the lock, which costs nothing.
    func tryWriting(really: Bool) async {
        _ = try? await transact { db in
            guard really else { return }
            // Writes the first page, and changes nothing.
            let schema = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try db.execute(sql: "PRAGMA user_version = \(schema)")
        }
    }
}
