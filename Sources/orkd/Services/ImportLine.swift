import ORKit

/// A line of an import that tells of a key, waiting for its batch.
struct ImportLine: Sendable {
    let number: Int
    let entry: ImportReader.Entry
    let fingerprint: Digest
}

extension ImportReader.Entry {
    /// Nil: an export states one that does not fit the secret beside it.
    var fingerprint: Digest? {
        guard let secret else { return kept?.fingerprint }
        let digest = Digest.of(secret)
        return digest == kept?.fingerprint ?? digest ? digest : nil
    }
}
