/// Failures in a row of one key on one model that are evidence against the
/// key: between any two of them another key succeeded on the same model
/// (ruling 7).
struct FailureRun: Sendable {
    let model: String?
    var counted: Int
    /// Sequence number of the last one that counted.
    var last: Int64
}

/// Who succeeded lately on the models that some key has been failing on: per
/// model the last success, and the last one of a different key.
struct Witnesses: Sendable {
    private struct Pair: Sendable {
        var key: KeyID
        var at: Int64
        var other: KeyID?
        var otherAt: Int64
    }

    /// A nil entry waits for its first success.
    private var models: [String?: Pair?] = [:]
    /// More models than this at once: evidence starts afresh.
    private static let capacity = 1024

    mutating func watch(_ model: String?) {
        if models[model] == nil {
            if models.count >= Self.capacity { models.removeAll() }
            models.updateValue(nil, forKey: model)
        }
    }

    mutating func unwatchAll() { models.removeAll() }

    mutating func succeeded(_ key: KeyID, on model: String?, at sequence: Int64) {
        guard let known = models[model] else { return }
        var pair = known ?? Pair(key: key, at: sequence, other: nil, otherAt: 0)
        if pair.key != key {
            pair.other = pair.key
            pair.otherAt = pair.at
        }
        pair.key = key
        pair.at = sequence
        models.updateValue(pair, forKey: model)
    }

    /// A key other than this one that succeeded on the model after `sequence`.
    func witness(against key: KeyID, on model: String?, after sequence: Int64) -> KeyID? {
        guard let known = models[model], let pair = known else { return nil }
        if pair.key != key { return pair.at > sequence ? pair.key : nil }
        return pair.otherAt > sequence ? pair.other : nil
    }
}
