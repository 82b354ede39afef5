import ORKit

/// Where the master key may be, the first wins (ruling 49): the systemd
/// credential `master-key`, the file, the variable.
struct MasterKeyLocation: Sendable {
    /// `$CREDENTIALS_DIRECTORY/master-key`, when systemd names that directory.
    /// The file need not be there.
    var credential: String?
    /// Read when there; created here at first start when there is no key
    /// anywhere. Nil only before the state directory is known.
    var file: String?
    /// From `ORKD_MASTER_KEY` or `APIKEYROUTER_ENCRYPTION_KEY`.
    var variable: Secret?

    init(file: String?) { self.file = file }
}
