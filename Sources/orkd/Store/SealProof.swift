internal import FoundationEssentials
internal import GRDB
import ORKit

/// What a database tells of the master key under which it was sealed.
struct SealProof: Sendable {
    /// One sealed secret; nil: nothing is sealed.
    private var sample: (id: KeyID, sealed: Data, fingerprint: Digest)?
    /// `Sealing.checkValue` of the master key that was last in use.
    private(set) var checkValue: String?

    /// Of a new database.
    init() {}

    /// Reads what every schema has, because it comes before the migrations.
    init(_ db: Database) throws {
        sample = try Row.fetchOne(db, sql: "SELECT id, sealed, fingerprint FROM key LIMIT 1").map {
            (KeyID($0.number(0)), $0[1] as Data? ?? Data(), try $0.digest(2))
        }
        checkValue = try SettingTable.value(.masterKeyCheck, db)
    }

    /// - Parameter masterKey: asked once, with whether one may be made.
    /// - Throws: `master-key-wrong`, and what `masterKey` throws.
    func sealing(_ masterKey: (_ mayCreate: Bool) throws -> MasterKey) throws -> Sealing {
        let sealing = Sealing(try masterKey(sample == nil))
        guard let sample else { return sealing }
        let opens = sealing.open(sample.sealed, key: sample.id, fingerprint: sample.fingerprint) != nil
        guard opens, checkValue == nil || checkValue == sealing.checkValue else {
            throw CodedError(.masterKeyWrong)
        }
        return sealing
    }
}
