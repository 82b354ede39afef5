// Marks that one trouble left on many keys within moments: what looks like a wave is taken back like one.

extension KeyMark {
    /// Marks of one wave follow each other within this, in milliseconds.
    public static let waveWindow: Int64 = 10_000

    /// The same kind for the same reason in the same words, whatever the key
    /// and the model; digits do not count.
    func isAlike(_ other: KeyMark) -> Bool {
        kind == other.kind && rest.rule == other.rest.rule && rest.cause == other.rest.cause
            && saysTheSame(as: other.rest.evidence)
    }

    /// Whether other words of the same rule are alike.
    public func saysTheSame(as evidence: String) -> Bool {
        Fingerprint.of(rule: rest.rule, [rest.evidence]) == Fingerprint.of(rule: rest.rule, [evidence])
    }

    /// The newest mark, of one key or of all, with those that are alike and
    /// followed each other within so many milliseconds.
    public static func wave(
        _ marks: [(key: KeyID, mark: KeyMark)], from key: KeyID?, within milliseconds: Int64
    ) -> [(key: KeyID, mark: KeyMark)] {
        let first = marks.filter { key == nil || $0.key == key }.max { $0.mark.since < $1.mark.since }
        guard let first else { return [] }
        let alike = marks.filter { $0.mark.isAlike(first.mark) }.sorted { $0.mark.since < $1.mark.since }
        // Where a pause was long enough, something else began.
        let starts =
            [0]
            + alike.indices.dropFirst().filter {
                alike[$0].mark.since - alike[$0 - 1].mark.since > milliseconds
            }
        let start = starts.last { alike[$0].mark.since <= first.mark.since } ?? 0
        let end = starts.first { $0 > start } ?? alike.count
        return Array(alike[start..<end])
    }

    private var since: Int64 { rest.sinceMilliseconds }
}
